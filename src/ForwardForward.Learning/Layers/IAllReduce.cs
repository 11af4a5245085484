namespace ForwardForward.Learning.Layers;

/// <summary>
/// What the parts of one layer tell each other. Shards: a sum for every row, once in a pass, since goodness is a sum over units. Replicas:
/// their sums over the rows of a batch, of activities and gradients.
/// </summary>
internal interface IAllReduce
{
    /// <summary>
    /// Blocks until all parts have come as far, and turns this one's values into the sums over all, added up in the order of the parts.
    /// </summary>
    void Sum(Span<float> values);
}
