namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>What a figure is drawn on, paper or a board: as bright at every pixel as it would be without the figure.</summary>
/// <param name="Light">Height x Width, in grey levels.</param>
/// <param name="Median">Of the light.</param>
/// <param name="Noise">Standard deviation of a pixel of the paper, in grey levels.</param>
internal sealed record Paper(float[] Light, float Median, float Noise)
{
    private const double Deviation = 0.84; // so much of a normal distribution is below one standard deviation

    public static Paper Of(GreyPicture picture)
    {
        var cells = Cells.Of(picture);
        var (surface, tolerance) = PaperSearch.Find(cells);
        var isPaper = cells
            .Medians.Select(
                (light, cell) => Math.Abs(surface.At(cells.U(cell % cells.Columns), cells.V(cell / cells.Columns)) - light) <= tolerance
            )
            .ToArray();
        var light = PaperLight.Of(picture, cells, surface, isPaper, tolerance);
        return new Paper(light, Cells.Median([.. light]), NoiseOf(picture, light, cells, isPaper));
    }

    // White paper shows the darker half of it alone, black boards the other.
    private static float NoiseOf(GreyPicture picture, float[] light, Cells cells, bool[] isPaper)
    {
        var darker = new List<float>(light.Length);
        for (var i = 0; i < light.Length; i++)
        {
            if (isPaper[(i / picture.Width / cells.Size * cells.Columns) + (i % picture.Width / cells.Size)])
            {
                darker.Add(light[i] - picture.Pixels[i]);
            }
        }

        float[] sorted = [.. darker];
        var middle = Cells.Median(sorted);
        return Math.Max(Cells.Quantile(sorted, Deviation) - middle, middle - Cells.Quantile(sorted, 1 - Deviation));
    }
}
