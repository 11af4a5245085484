using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Layers;

/// <summary>Everything that a layer has to know of the network that it is in.</summary>
internal sealed record LayerOptions
{
    /// <summary>Position in the network, from 0; keys the initial weights and the units that are left out.</summary>
    public required int Index { get; init; }

    /// <summary>Widths of the rows that come in, and of the layer.</summary>
    public required LayerShape Shape { get; init; }

    /// <summary>Most rows that a slot carries.</summary>
    public required int MaxRows { get; init; }

    /// <summary>Images of a batch: most positive rows, and as many negative ones.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Of all random draws.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Of the products; resolved.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>What it raises on positive rows.</summary>
    public GoodnessSpec Goodness { get; init; } = new();

    /// <summary>How it learns.</summary>
    public OptimizerSpec Optimizer { get; init; } = new();

    /// <summary>How units are pulled to the layer's mean activity.</summary>
    public PeerNormalizationSpec PeerNormalization { get; init; } = new();

    /// <summary>Share of the units that a training row leaves out.</summary>
    public double Dropout { get; init; }

    /// <summary>Share of its old state that it keeps in an iteration, where it hears its neighbours.</summary>
    public double Kept { get; init; }
}
