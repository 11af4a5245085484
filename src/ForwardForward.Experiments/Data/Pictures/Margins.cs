namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>What lies around the sheet: the dark lid of a scanner, the edge of a table.</summary>
internal static class Margins
{
    private const double MinCover = 0.7;
    private const double Widest = 0.3;
    private const double Skirt = 0.006;

    /// <summary>Rows and columns from the sides on that are mostly ink are taken out, with the blurred edge that they may have.</summary>
    /// <returns>What is left.</returns>
    public static Box Remove(bool[] mask, int width)
    {
        var height = mask.Length / width;
        var sheet = new Box(0, 0, width, height);
        for (var before = default(Box); before != sheet; )
        {
            before = sheet;
            sheet = Narrowed(mask, width, sheet);
        }

        for (var i = 0; i < mask.Length; i++)
        {
            var (x, y) = (i % width, i / width);
            mask[i] &= x >= sheet.Left && x < sheet.Right && y >= sheet.Top && y < sheet.Bottom;
        }

        return sheet;
    }

    private static Box Narrowed(bool[] mask, int width, Box sheet)
    {
        var (w, h) = (width, mask.Length / width);
        double Row(int y) => Enumerable.Range(sheet.Left, sheet.Width).Count(x => mask[(y * w) + x]) / (double)sheet.Width;
        double Column(int x) => Enumerable.Range(sheet.Top, sheet.Height).Count(y => mask[(y * w) + x]) / (double)sheet.Height;
        return new Box(
            Start(sheet.Left, w, Column),
            Start(sheet.Top, h, Row),
            w - Start(w - sheet.Right, w, x => Column(w - 1 - x)),
            h - Start(h - sheet.Bottom, h, y => Row(h - 1 - y))
        );
    }

    // The first line from a side on that is not mostly ink.
    private static int Start(int start, int length, Func<int, double> cover)
    {
        var at = start;
        while (at < Widest * length && cover(at) >= MinCover)
        {
            at++;
        }

        return at == start || at >= Widest * length ? start : at + (int)Math.Ceiling(Skirt * length);
    }
}
