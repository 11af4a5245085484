namespace ForwardForward.Learning.Exactness;

/// <summary>
/// Functions that are no arithmetic: of the machine's C library, or where every machine has to agree those of <see cref="Series"/>.
/// </summary>
/// <param name="IsPortable">Whether every machine has to agree.</param>
internal readonly record struct Elementary(bool IsPortable)
{
    public double Exp(double x) => IsPortable ? Series.Exp(x) : Math.Exp(x);

    /// <summary>Of a positive number that is no denormal.</summary>
    public double Log(double x) => IsPortable ? Series.Log(x) : Math.Log(x);

    /// <summary>Of an angle of so many half turns.</summary>
    public double CosineOfHalfTurns(double x) => IsPortable ? Series.SineAndCosine(180 * x).Cosine : Math.Cos(Math.PI * x);

    /// <param name="n">A whole number that is not negative.</param>
    public double Power(double x, float n) => IsPortable ? Series.Power(x, (long)n) : Math.Pow(x, n);
}
