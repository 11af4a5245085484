namespace ForwardForward.Learning.Convolutions;

/// <summary>Scales a gradient down that is too long (Pascanu et al. 2013, algorithm 1).</summary>
internal static class Clipping
{
    /// <returns>Sum of the squares; 0 where it is not asked for.</returns>
    public static double Squares(ReadOnlySpan<float> gradient, bool isAsked = true)
    {
        double sum = 0;
        foreach (var slope in isAsked ? gradient : [])
        {
            sum += (double)slope * slope;
        }

        return sum;
    }

    /// <returns>What all of a gradient is multiplied by.</returns>
    public static float Share(double longest, double length) => length > longest ? (float)(longest / length) : 1;

    public static void Scale(Span<float> gradient, float share)
    {
        foreach (ref var slope in share == 1 ? [] : gradient)
        {
            slope *= share;
        }
    }
}
