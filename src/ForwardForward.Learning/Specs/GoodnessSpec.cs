using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public enum GoodnessKind
{
    SumOfSquares,
    NegativeSumOfSquares,
    Symba,
    Swish,
}

public sealed record GoodnessSpec
{
    [Description("sumOfSquares: large activity on positive rows, against a threshold; negativeSumOfSquares: small activity on them; symba, swish: larger activity than on the paired negative row, without a threshold.")]
    public GoodnessKind Kind { get; init; } = GoodnessKind.SumOfSquares;

    [Description("Threshold of the sum of squares as a multiple of the layer's units.")]
    [Range(0.0, 1e6)]
    public double ThresholdPerUnit { get; init; } = 1;

    [Description("Temperature of the logistic: p(positive) = sigmoid((goodness - threshold) / temperature); of symba and swish: what the lead over the paired row is divided by.")]
    [Range(1e-6, 1e6)]
    public double Temperature { get; init; } = 1;
}
