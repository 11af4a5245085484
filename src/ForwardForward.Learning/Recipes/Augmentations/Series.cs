namespace ForwardForward.Learning.Recipes.Augmentations;

/// <summary>
/// Functions that <see cref="Math"/> has too, of the C library of the machine, whose last bit differs from one library to another. A
/// series of sums and products in a fixed order has the same bits everywhere.
/// </summary>
internal static class Series
{
    private const int Terms = 20; // what is left out is less than 2^-53 for all that is asked here

    /// <summary>e^x for x from -1 to 1.</summary>
    public static double Exponential(double x)
    {
        double sum = 1,
            term = 1;
        for (var i = 1; i < 2 * Terms; i++)
        {
            term = term * x / i;
            sum += term;
        }

        return sum;
    }

    /// <summary>Of an angle in degrees; of quarter turns exactly.</summary>
    public static (double Sine, double Cosine) SineAndCosine(double degrees)
    {
        var quarters = Math.Round(degrees / 90);
        var (sine, cosine) = Small((degrees - (90 * quarters)) * (Math.PI / 180));
        return ((int)quarters & 3) switch
        {
            0 => (sine, cosine),
            1 => (cosine, -sine),
            2 => (-sine, -cosine),
            _ => (-cosine, sine),
        };
    }

    private static (double Sine, double Cosine) Small(double angle)
    {
        double sine = 0,
            cosine = 0,
            term = 1;
        for (var i = 0; i < Terms; i += 2)
        {
            cosine += term;
            term = term * angle / (i + 1);
            sine += term;
            term = -term * angle / (i + 2);
        }

        return (sine, cosine);
    }
}
