using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

/// <summary>The built-in names; plug-ins have others.</summary>
internal static class OptimizerKind
{
    public const string AveragedGradient = "averagedGradient";
    public const string Adam = "adam";
}

public sealed record OptimizerSpec
{
    [Description("averagedGradient (Hinton's) or adam.")]
    [NamedIn(nameof(Seams.Optimizers))]
    public string Kind { get; init; } = OptimizerKind.AveragedGradient;

    [Description("Learning rate of the layers; constant for the first half of the epochs, then falling linearly.")]
    [Range(0.0, 10.0)]
    public double LearningRate { get; init; } = 0.01;

    [Description("Weight decay, multiplied by the learning rate; biases have none.")]
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.001;

    [Description("Share of the old value in the averaged gradient (adam: the first moment).")]
    [Range(0.0, 0.9999)]
    public double Momentum { get; init; } = 0.9;

    [Description("Share of the old value in adam's second moment.")]
    [Range(0.0, 0.999999)]
    public double SecondMomentum { get; init; } = 0.999;
}
