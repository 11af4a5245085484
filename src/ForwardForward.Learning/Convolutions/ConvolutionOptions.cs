using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Convolutions;

/// <summary>Everything that a convolutional layer has to know of the network that it is in.</summary>
internal sealed record ConvolutionOptions
{
    /// <summary>Position in the network, from 0; keys the initial kernels and the units that are left out.</summary>
    public required int Index { get; init; }

    public required ConvolutionShape Shape { get; init; }

    /// <summary>Most rows that a slot carries.</summary>
    public required int MaxRows { get; init; }

    /// <summary>Images of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Of all random draws.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How it learns.</summary>
    public OptimizerSpec Optimizer { get; init; } = new();

    /// <summary>Of its products: fp32 or portable.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Batches of an epoch.</summary>
    public int UpdatesPerEpoch { get; init; } = 1;

    /// <summary>How it contrasts pictures of different classes; null where it does not.</summary>
    public ContrastTemperature? Contrast { get; init; }

    /// <summary>Share of the activity that a training row leaves out.</summary>
    public double Dropout { get; init; }

    /// <summary>Of rows: as they come, and are handed on.</summary>
    public Precision Rows => ConvolutionRows.Of(Precision);

    /// <summary>Functions that are no arithmetic.</summary>
    public Elementary Elementary => new(Precision == Precision.Portable);
}
