using ForwardForward.Learning.Exactness;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>
/// Finds the paper as what most of a picture is: of many surfaces through a few places each, the one on which most places lie (RANSAC:
/// Fischler and Bolles 1981).
/// </summary>
internal static class PaperSearch
{
    private const int Planes = 150;
    private const int Surfaces = 450;
    private const int Refinements = 8;
    private const int TermsOfPlane = 3;
    private const double MinTolerance = 3;
    private const double MaxTolerance = 12;
    private const double ToleranceOfSteps = 3;

    /// <returns>The surface, and by how much a place may differ from it.</returns>
    public static (LightSurface Surface, double Tolerance) Find(Cells cells)
    {
        var tolerance = Tolerance(cells);
        var places = cells
            .Medians.Select((light, cell) => (cells.U(cell % cells.Columns), cells.V(cell / cells.Columns), (double)light))
            .ToArray();
        var best = new LightSurface([Cells.Median([.. cells.Medians]), 0, 0, 0, 0, 0]);
        var most = Near(best, places, tolerance, 0);
        var random = new KeyedRandom(0, RandomPurpose.Paper, 0, 0);
        for (var i = 0; i < Planes + Surfaces; i++)
        {
            var few = new (double, double, double)[i < Planes ? TermsOfPlane : LightSurface.Count];
            for (var j = 0; j < few.Length; j++)
            {
                few[j] = places[random.NextInt32(places.Length)];
            }

            if (
                LightSurface.Through(few, few.Length) is { IsLight: true } surface
                && Near(surface, places, tolerance, most) is var near
                && near > most
            )
            {
                (best, most) = Refined(surface, near, places, tolerance);
            }
        }

        return (best, tolerance);
    }

    // By how much a place differs from the one beside it, for half of all places.
    private static double Tolerance(Cells cells)
    {
        var steps = Enumerable
            .Range(1, cells.Medians.Length - 1)
            .Select(i => Math.Abs(cells.Medians[i] - cells.Medians[i - 1]))
            .DefaultIfEmpty()
            .ToArray();
        return Math.Clamp(ToleranceOfSteps * Cells.Median(steps), MinTolerance, MaxTolerance);
    }

    private static (LightSurface Surface, int Near) Refined(
        LightSurface surface,
        int near,
        (double U, double V, double Light)[] places,
        double tolerance
    )
    {
        for (var i = 0; i < Refinements; i++)
        {
            var around = places.Where(place => Math.Abs(surface.At(place.U, place.V) - place.Light) <= 2 * tolerance);
            if (
                LightSurface.Through(around, LightSurface.Count) is not { IsLight: true } next
                || Near(next, places, tolerance, near) is var more && more <= near
            )
            {
                break;
            }

            (surface, near) = (next, more);
        }

        return (surface, near);
    }

    /// <returns>How many places lie on the surface; fewer where that cannot be more than so many.</returns>
    private static int Near(LightSurface surface, (double U, double V, double Light)[] places, double tolerance, int most)
    {
        var near = 0;
        for (var i = 0; i < places.Length && near + places.Length - i > most; i++)
        {
            near += Math.Abs(surface.At(places[i].U, places[i].V) - places[i].Light) <= tolerance ? 1 : 0;
        }

        return near;
    }
}
