using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

/// <summary>The built-in names; plug-ins have others.</summary>
internal static class GoodnessKind
{
    public const string SumOfSquares = "sumOfSquares";
    public const string NegativeSumOfSquares = "negativeSumOfSquares";
    public const string Symba = "symba";
    public const string Swish = "swish";
}

public sealed record GoodnessSpec
{
    [Description(
        "sumOfSquares: large activity on positive rows, against a threshold; negativeSumOfSquares: small activity on them; "
            + "symba, swish: larger activity than on the paired negative row, without a threshold."
    )]
    [NamedIn(nameof(Seams.Goodness))]
    public string Kind { get; init; } = GoodnessKind.SumOfSquares;

    [Description("Threshold of the sum of squares as a multiple of the layer's units.")]
    [Range(0.0, 1e6)]
    public double ThresholdPerUnit { get; init; } = 1;

    [Description(
        "Temperature of the logistic: p(positive) = sigmoid((goodness - threshold) / temperature); of symba and swish: what "
            + "the lead over the paired row is divided by."
    )]
    [Range(1e-6, 1e6)]
    public double Temperature { get; init; } = 1;
}
