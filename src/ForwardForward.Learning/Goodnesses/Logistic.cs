namespace ForwardForward.Learning.Goodnesses;

/// <summary>The logistic function and its integral, without overflow.</summary>
public static class Logistic
{
    /// <summary>1 / (1 + e^-x).</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>ln(1 + e^x).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
