namespace ForwardForward.Learning.Exactness;

/// <summary>
/// Functions that <see cref="Math"/> has too, of the C library of the machine, whose last bit differs from one library to another. A
/// series of sums and products in a fixed order has the same bits everywhere.
/// </summary>
internal static class Series
{
    private const int Terms = 20; // what is left out is less than 2^-53 for all that is asked here
    private const double OneByLn2 = 1.4426950408889634;
    private const double Ln2Upper = 0.6931471803691238; // with zeros at its end, so that up to 2,048 times it is exact
    private const double Ln2Lower = 1.9082149292705877e-10;

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

    /// <summary>e^x for every x; 0 below what a double holds, infinity above.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (x < -745.2)
        {
            return 0;
        }

        if (x > 709.79)
        {
            return double.PositiveInfinity;
        }

        var power = Math.Round(x * OneByLn2);
        var rest = x - (power * Ln2Upper) - (power * Ln2Lower);
        var half = (int)power / 2; // in two steps, since 2^power alone may be no double
        return Exponential(rest) * PowerOf2(half) * PowerOf2((int)power - half);
    }

    /// <summary>The natural logarithm of a positive number that is no denormal.</summary>
    public static double Log(double x)
    {
        var exponent = (int)(BitConverter.DoubleToInt64Bits(x) >> 52) - 1023;
        var mantissa = x * PowerOf2(-exponent / 2) * PowerOf2(-exponent - (-exponent / 2));
        if (mantissa > Math.Sqrt(2))
        {
            (mantissa, exponent) = (mantissa / 2, exponent + 1);
        }

        var share = (mantissa - 1) / (mantissa + 1); // log m = 2 artanh of it
        double sum = 0,
            power = share;
        for (var i = 1; i < 2 * Terms; i += 2)
        {
            sum += power / i;
            power *= share * share;
        }

        return (exponent * Ln2Upper) + ((exponent * Ln2Lower) + (2 * sum));
    }

    /// <summary>x^n for a whole n that is not negative.</summary>
    public static double Power(double x, long n)
    {
        var result = 1.0;
        for (; n > 0; n >>= 1)
        {
            result = (n & 1) == 0 ? result : result * x;
            x *= x;
        }

        return result;
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

    private static double PowerOf2(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);

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
