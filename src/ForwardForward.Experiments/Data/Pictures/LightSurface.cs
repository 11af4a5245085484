namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>
/// Light that changes evenly over a sheet: a polynomial of second degree in u and v, which run from -1 to 1 over its sides.
/// </summary>
/// <param name="Terms">Of 1, u, v, u^2, u v, v^2.</param>
internal sealed record LightSurface(double[] Terms)
{
    public const int Count = 6;
    private const double Brightest = 300;
    private const double Darkest = -20;
    private const double Singular = 1e-9;

    public double At(double u, double v) =>
        Terms[0] + (u * (Terms[1] + (Terms[3] * u) + (Terms[4] * v))) + (v * (Terms[2] + (Terms[5] * v)));

    /// <summary>Whether a camera could have seen it, at the corners, the sides and in the middle.</summary>
    public bool IsLight
    {
        get
        {
            for (var place = 0; place < 9; place++)
            {
                if (At((place % 3) - 1, (place / 3) - 1) is not (> Darkest and < Brightest))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The surface with the least squares of distances to the points.</summary>
    /// <param name="terms">How many of the terms are not 0: 1, 3 or 6.</param>
    /// <returns>Null where the points do not fix it.</returns>
    public static LightSurface? Through(IEnumerable<(double U, double V, double Light)> points, int terms)
    {
        var sums = new double[Count, Count + 1];
        foreach (var (u, v, light) in points)
        {
            Span<double> powers = [1, u, v, u * u, u * v, v * v];
            for (var i = 0; i < terms; i++)
            {
                for (var j = 0; j < terms; j++)
                {
                    sums[i, j] += powers[i] * powers[j];
                }

                sums[i, Count] += powers[i] * light;
            }
        }

        return Solved(sums, terms) is { } solved ? new LightSurface(solved) : null;
    }

    // Gauss and Jordan, with the largest pivot of a column.
    private static double[]? Solved(double[,] sums, int terms)
    {
        for (var column = 0; column < terms; column++)
        {
            var pivot = Enumerable.Range(column, terms - column).MaxBy(row => Math.Abs(sums[row, column]));
            if (Math.Abs(sums[pivot, column]) < Singular)
            {
                return null;
            }

            for (var j = 0; j <= Count; j++)
            {
                (sums[column, j], sums[pivot, j]) = (sums[pivot, j], sums[column, j]);
            }

            Eliminate(sums, terms, column);
        }

        var solved = new double[Count];
        for (var i = 0; i < terms; i++)
        {
            solved[i] = sums[i, Count] / sums[i, i];
        }

        return solved;
    }

    private static void Eliminate(double[,] sums, int terms, int column)
    {
        for (var row = 0; row < terms; row++)
        {
            var share = sums[row, column] / sums[column, column];
            for (var j = row == column ? Count + 1 : 0; j <= Count; j++)
            {
                sums[row, j] -= share * sums[column, j];
            }
        }
    }
}
