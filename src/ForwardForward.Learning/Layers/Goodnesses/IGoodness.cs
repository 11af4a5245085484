using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Layers.Goodnesses;

/// <summary>
/// What a layer raises on positive rows and lowers on negative ones: a function of the sum of squares of its activity y before normalization, and a loss of it. A layer follows its gradient
/// uphill, so that the likelihood grows.
/// </summary>
public interface IGoodness
{
    /// <param name="sumOfSquares">Of a row's activity.</param>
    float Of(float sumOfSquares);

    /// <summary>
    /// What the activity of a row is multiplied with to get the gradient of -loss by the layer's input z. The factor 2 / temperature of the derivative is absorbed in the learning rate
    /// (Hinton's code).
    /// </summary>
    /// <param name="goodness">Of the row.</param>
    /// <param name="paired">Of the row of the other kind that belongs to it.</param>
    float Pull(float goodness, float paired, bool positive);

    /// <summary>In nats, of one row.</summary>
    /// <inheritdoc cref="Pull"/>
    double Loss(float goodness, float paired, bool positive);
}

public static class Goodness
{
    // Beside a pull of 1 less than the last place of a number in fp32.
    private const float SmallestPull = 1f / (1 << 24);

    /// <summary>The pull of a learned row; one that is too small to count is none.</summary>
    /// <param name="goodness">Of all rows of the slot.</param>
    public static float Pull(this IGoodness objective, ReadOnlySpan<float> goodness, RowLayout layout, int row)
    {
        var pull = objective.Pull(goodness[row], goodness[layout.Paired(row)], row < layout.Positive);
        return MathF.Abs(pull) < SmallestPull ? 0 : pull;
    }

    /// <param name="units">Width of the layer.</param>
    public static IGoodness Of(GoodnessSpec spec, int units) => spec.Kind switch
    {
        GoodnessKind.SumOfSquares => new SumOfSquares(spec, units),
        GoodnessKind.NegativeSumOfSquares => new NegativeSumOfSquares(spec, units),
        GoodnessKind.Symba => new SymBa(spec),
        GoodnessKind.Swish => new Swish(spec),
        var kind => throw new ArgumentOutOfRangeException(nameof(spec), kind, "There is no such goodness."),
    };
}

internal static class Logistic
{
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
