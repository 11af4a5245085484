namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>A figure as the pictures of MNIST were made: bright on dark, 20 of 28 pixels long, its centre of mass in the middle.</summary>
internal static class Digit
{
    private const float Brightest = 255;
    private const float FaintestEdge = 0.15f;
    private const float Deviations = 2;

    /// <returns>Side x side, row-major; null where the picture shows nothing.</returns>
    public static byte[]? Of(GreyPicture picture, int side)
    {
        if (Sheet.Figure(picture) is not { } figure)
        {
            return null;
        }

        var (ink, around) = (figure.Ink, Around(figure));
        var level = figure.Blob.Level;
        var faintest = Math.Max(FaintestEdge * level, Deviations * ink.Noise);
        var box = Enumerable
            .Range(0, around.Length)
            .Where(i => around[i] && ink.Clear[i] >= faintest)
            .Aggregate(Box.Empty, (box, i) => box.With(i % ink.Width, i / ink.Width));
        var bright = new GreyPicture(
            ink.Width,
            ink.Height,
            [.. ink.Strength.Select((strength, i) => around[i] ? Math.Min(Brightest, Brightest * strength / level) : 0)]
        );
        return Framing.ToBytes(Framing.ByMass(Framing.Scaled(bright.Part(box), side, Framing.OfDigits), side));
    }

    // The blurred edge of a stroke is part of it.
    private static bool[] Around(Figure figure)
    {
        var (width, height, reach) = (figure.Ink.Width, figure.Ink.Height, 1 + (figure.Blob.Box.LongerSide / 40));
        var around = new bool[width * height];
        foreach (var i in figure.Blob.Pixels)
        {
            var box = new Box(i % width, i / width, (i % width) + 1, (i / width) + 1).Grown(reach, width, height);
            for (var y = box.Top; y < box.Bottom; y++)
            {
                around.AsSpan((y * width) + box.Left, box.Width).Fill(true);
            }
        }

        return around;
    }
}
