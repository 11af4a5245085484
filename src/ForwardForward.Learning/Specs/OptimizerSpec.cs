using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

/// <summary>The built-in names; plug-ins have others.</summary>
internal static class OptimizerKind
{
    public const string AveragedGradient = "averagedGradient";
    public const string Adam = "adam";
}

/// <summary>What <c>optimizer.schedule</c> may be.</summary>
internal static class RateSchedule
{
    public const string HalfThenLinear = "halfThenLinear";
    public const string Constant = "constant";
    public const string Cosine = "cosine";
}

public sealed record OptimizerSpec
{
    /// <summary>Whether its functions have to have the same bits on every machine; the run's precision says so.</summary>
    internal bool IsPortable { get; init; }

    [Description("averagedGradient (Hinton's) or adam.")]
    [NamedIn(nameof(Seams.Optimizers))]
    public string Kind { get; init; } = OptimizerKind.AveragedGradient;

    [Description("Learning rate of the layers, at the start.")]
    [Range(0.0, 10.0)]
    public double LearningRate { get; init; } = 0.01;

    [Description(
        "How learning rates go on, epoch by epoch. halfThenLinear: constant for the first half, then falling linearly (Hinton 2022); "
            + "constant; cosine: half a wave down to finalShare."
    )]
    [OneOf(RateSchedule.HalfThenLinear, RateSchedule.Constant, RateSchedule.Cosine)]
    public string Schedule { get; init; } = RateSchedule.HalfThenLinear;

    [Description("Share of the learning rate that the cosine ends at.")]
    [Range(0.0, 1.0)]
    public double FinalShare { get; init; }

    [Description("Longest that the gradient of a convolutional layer may be, a mean over the batch; a longer one is scaled down; 0: any.")]
    [Range(0.0, 1_000_000.0)]
    public double Clip { get; init; }

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
