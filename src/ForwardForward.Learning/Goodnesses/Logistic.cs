using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Goodnesses;

/// <summary>The logistic function and its integral, without overflow.</summary>
public static class Logistic
{
    /// <summary>The same with <see cref="Series"/> in place of the C library, where the bits have to be those of every machine.</summary>
    internal static (Func<double, double> Sigmoid, Func<double, double> Softplus) Of(GoodnessSpec spec) =>
        spec.IsPortable ? (PortableSigmoid, PortableSoftplus) : (Sigmoid, Softplus);

    /// <summary>1 / (1 + e^-x).</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>ln(1 + e^x).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static double PortableSigmoid(double x) => 1 / (1 + Series.Exp(-x));

    private static double PortableSoftplus(double x) => Math.Max(x, 0) + Series.Log(1 + Series.Exp(-Math.Abs(x)));
}
