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
    /// <summary>Whether its functions have to have the same bits on every machine; the run's precision says so.</summary>
    internal bool IsPortable { get; init; }

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

    [Description(
        "How much a convolutional layer also brings pictures of one class together and those of others apart, in an embedding of what it "
            + "hands on (supervised contrast), beside the cross-entropy on its goodness, which counts 1; 0: not at all. It asks for a "
            + "normalization of each picture."
    )]
    [Range(0.0, 100.0)]
    public double Contrast { get; init; }

    [Description("Numbers of that embedding, which is not handed on.")]
    [Range(2, 4096)]
    public int ContrastFeatures { get; init; } = 128;

    [Description("Temperature of its similarities in the first epoch.")]
    [Range(0.01, 100.0)]
    public double ContrastFirstTemperature { get; init; } = 0.8;

    [Description("Temperature that it falls to in a straight line.")]
    [Range(0.01, 100.0)]
    public double ContrastTemperature { get; init; } = 0.2;

    [Description("Share of the epochs in which it does.")]
    [Range(0.0, 1.0)]
    public double ContrastFallShare { get; init; } = 1.0 / 3;

    [Description("Temperature that it then falls to, by half a wave of a cosine.")]
    [Range(0.01, 100.0)]
    public double ContrastLastTemperature { get; init; } = 0.1;
}
