namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>Columns from Left to before Right, rows from Top to before Bottom.</summary>
internal readonly record struct Box(int Left, int Top, int Right, int Bottom)
{
    /// <summary>Of nothing: the first pixel that is added is all of it.</summary>
    public static Box Empty { get; } = new(int.MaxValue, int.MaxValue, 0, 0);

    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public int LongerSide => Math.Max(Width, Height);

    public bool IsEmpty => Right == 0;

    public Box With(int x, int y) => new(Math.Min(Left, x), Math.Min(Top, y), Math.Max(Right, x + 1), Math.Max(Bottom, y + 1));

    public Box With(Box other) =>
        new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));

    /// <summary>Pixels between the two, along the side where there are more; 0 where they overlap.</summary>
    public int GapTo(Box other) =>
        Math.Max(0, Math.Max(Math.Max(other.Left - Right, Left - other.Right), Math.Max(other.Top - Bottom, Top - other.Bottom)));

    public Box Grown(int pixels, int width, int height) =>
        new(Math.Max(0, Left - pixels), Math.Max(0, Top - pixels), Math.Min(width, Right + pixels), Math.Min(height, Bottom + pixels));
}
