namespace ForwardForward.Learning.Layers;

/// <summary>Widths of one layer: of the rows that come from below and, in a top-down run, from above, and its own.</summary>
internal readonly record struct LayerShape(int Below, int Above, int Units)
{
    /// <summary>What its units see of a row from below; null: all of it.</summary>
    public ReceptiveField? Field { get; init; }

    /// <summary>Which shard of the layer these units are, from 0.</summary>
    public int Part { get; init; }

    /// <summary>Shards of the layer, all as wide as this one.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Which copy of the layer it is, from 0.</summary>
    public int Replica { get; init; }

    /// <summary>Copies of the layer, each with rows of its own.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Units of all parts together.</summary>
    public int LayerUnits => Units * Parts;

    /// <summary>Weights of a unit.</summary>
    public int Inputs => (Field?.Inputs ?? Below) + Above;

    /// <summary>Weights of the layer that what comes from below is multiplied with.</summary>
    public long WeightsBelow => (long)(Inputs - Above) * Units;
}
