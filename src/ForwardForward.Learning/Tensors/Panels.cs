namespace ForwardForward.Learning.Tensors;

/// <summary>Cuts a dimension into panels of nearly equal size; a pure function of the size, so that bits depend on nothing else.</summary>
internal sealed class Panels
{
    private readonly Range[] _ranges;

    public Panels(int size, int count)
    {
        count = Math.Clamp(count, 1, size);
        _ranges =
        [
            .. Enumerable.Range(0, count).Select(i => new Range((int)((long)size * i / count), (int)((long)size * (i + 1) / count))),
        ];
    }

    /// <summary>Panels of at most <paramref name="largest"/>, and at least <paramref name="atLeast"/> of them.</summary>
    public static Panels Of(int size, int largest, int atLeast = 1) => new(size, Math.Max(atLeast, (size + largest - 1) / largest));

    public int Count => _ranges.Length;

    public Range this[int panel] => _ranges[panel];

    public int Largest => _ranges.Max(r => r.End.Value - r.Start.Value);
}
