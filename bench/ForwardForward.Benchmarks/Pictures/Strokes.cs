namespace ForwardForward.Benchmarks.Pictures;

/// <summary>The same figure drawn with another pen.</summary>
internal static class Strokes
{
    private const int Half = 128;

    /// <summary>Every pixel as the brightest, or the darkest, of its neighbourhood, on a grid that is so much finer.</summary>
    /// <param name="reach">Pixels of the finer grid.</param>
    /// <returns>(side * finer)^2 pixels.</returns>
    public static byte[] Redrawn(byte[] figure, int side, int finer, int reach, bool isThicker)
    {
        var wide = side * finer;
        var fine = Scene.Draw(figure, side, finer, isSmooth: true, 0, 255);
        var isInk = Array.ConvertAll(fine.Pixels, pixel => pixel >= Half);
        bool Is(int x, int y) => x >= 0 && y >= 0 && x < wide && y < wide && isInk[(y * wide) + x];
        IEnumerable<bool> Around(int x, int y)
        {
            for (var down = -reach; down <= reach; down++)
            {
                for (var right = -reach; right <= reach; right++)
                {
                    if ((down * down) + (right * right) <= reach * reach)
                    {
                        yield return Is(x + right, y + down);
                    }
                }
            }
        }

        return
        [
            .. Enumerable
                .Range(0, wide * wide)
                .Select(i =>
                    (byte)((isThicker ? Around(i % wide, i / wide).Any(ink => ink) : Around(i % wide, i / wide).All(ink => ink)) ? 255 : 0)
                ),
        ];
    }
}
