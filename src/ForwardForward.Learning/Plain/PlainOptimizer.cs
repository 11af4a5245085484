using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Plain;

/// <summary>
/// Both optimizers in float64, for one parameter: Hinton's, which follows a running average of the gradient, and Adam (Kingma, Ba 2015).
/// </summary>
internal sealed class PlainOptimizer(OptimizerSpec spec, int count)
{
    public double[] First { get; } = new double[count];

    public double[] Second { get; } = new double[count];

    /// <param name="gradient">Sums over the batch, uphill.</param>
    public void Move(double[] parameter, double[] gradient, double rate, double decay, int batch, int update)
    {
        for (var i = 0; i < parameter.Length; i++)
        {
            var g = gradient[i] / batch;
            First[i] = (spec.Momentum * First[i]) + ((1 - spec.Momentum) * g);
            Second[i] = (spec.SecondMomentum * Second[i]) + ((1 - spec.SecondMomentum) * g * g);
            var direction = spec.Kind == OptimizerKind.Adam ? AdamDirection(i, update) : First[i];
            parameter[i] += rate * (direction - (decay * parameter[i]));
        }
    }

    private double AdamDirection(int i, int update)
    {
        var first = First[i] / (1 - Math.Pow(spec.Momentum, update));
        var second = Second[i] / (1 - Math.Pow(spec.SecondMomentum, update));
        return first / (Math.Sqrt(second) + 1e-8);
    }
}
