namespace ForwardForward.Learning.Layers;

/// <summary>
/// What one stage has of a layer: all of it, some of its units (a shard), or all of it for some rows of every batch (a replica).
/// </summary>
/// <param name="Layer">Position of the layer, from 0.</param>
/// <param name="Number">Position among the layer's parts, from 0.</param>
/// <param name="Count">Parts of the layer; 1: it is whole.</param>
/// <param name="IsReplica">Whether the parts share rows, not units.</param>
internal readonly record struct LayerShard(int Layer, int Number, int Count, bool IsReplica = false)
{
    /// <summary>Most parts of a layer.</summary>
    public const int MaxCount = 64;

    /// <summary>For people and in names of files: <c>2</c>, or <c>2-1</c> for the first part of layer 2.</summary>
    public string Name => Count == 1 ? $"{Layer + 1}" : $"{Layer + 1}-{Number + 1}";

    /// <summary>Adds up what all parts of a layer have, in their order.</summary>
    public static void Sum(IReadOnlyList<float[]> parts, Span<float> sums)
    {
        parts[0].CopyTo(sums);
        foreach (var part in parts.Skip(1))
        {
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += part[i];
            }
        }
    }
}
