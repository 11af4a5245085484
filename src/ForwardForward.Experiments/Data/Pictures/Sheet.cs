namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>Finds the figure also where what stands out of most of a picture is a sheet or a board, and the figure is on that.</summary>
internal static class Sheet
{
    private const double MinFill = 0.85;
    private const double MinOfSide = 0.25;
    private const double MinAspect = 0.4;
    private const double Rim = 0.04;
    private const double MinFigure = 0.15;

    public static Figure? Figure(GreyPicture picture) =>
        Pictures.Figure.Find(picture) is not { } figure ? null
        : IsSheet(figure)
        && Pictures.Figure.Find(Inside(picture, figure.Blob.Box)) is { } drawn
        && drawn.Blob.Box.LongerSide > MinFigure * figure.Blob.Box.LongerSide
            ? drawn
        : figure;

    private static bool IsSheet(Figure figure)
    {
        var (box, least) = (figure.Blob.Box, MinOfSide * Math.Min(figure.Ink.Width, figure.Ink.Height));
        return box.Width >= least
            && box.Height >= least
            && Math.Min(box.Width, box.Height) >= MinAspect * box.LongerSide
            && Covered(figure) >= MinFill;
    }

    // What is drawn on a sheet is no part of what stands out, so rows are counted from their first pixel to their last.
    private static double Covered(Figure figure)
    {
        var rows = figure.Blob.Pixels.GroupBy(i => i / figure.Ink.Width).Sum(row => row.Max() - row.Min() + 1);
        return rows / ((double)figure.Blob.Box.Width * figure.Blob.Box.Height);
    }

    private static GreyPicture Inside(GreyPicture picture, Box box)
    {
        var rim = 1 + (int)(Rim * Math.Min(box.Width, box.Height));
        return picture.Part(new Box(box.Left + rim, box.Top + rim, box.Right - rim, box.Bottom - rim));
    }
}
