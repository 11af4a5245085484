using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Layers;

/// <summary>What one stage has of a layer: all of it, some of its units (a shard), or all of it for some rows of every batch (a replica).</summary>
/// <param name="Layer">Position of the layer, from 0.</param>
/// <param name="Number">Position among the layer's parts, from 0.</param>
/// <param name="Count">Parts of the layer; 1: it is whole.</param>
/// <param name="IsReplica">Whether the parts share rows, not units.</param>
public readonly record struct LayerPart(int Layer, int Number, int Count, bool IsReplica = false)
{
    /// <summary>Most parts of a layer.</summary>
    public const int Most = 64;

    /// <summary>For people and in names of files: <c>2</c>, or <c>2-1</c> for the first part of layer 2.</summary>
    public string Name => Count == 1 ? $"{Layer + 1}" : $"{Layer + 1}-{Number + 1}";

    /// <summary>Of all stages that layers make, from the bottom up.</summary>
    public static IReadOnlyList<LayerPart> All(ExperimentSpec spec) => spec.Backpropagation.IsOn
        ? [new LayerPart(0, 0, 1)]
        : [.. spec.Layers.SelectMany((_, layer) => Of(spec, layer))];

    /// <summary>Positions, among all stages, of those that have a layer together; none where there is no such layer.</summary>
    public static IReadOnlyList<int> Stages(ExperimentSpec spec, int layer) => [.. All(spec).Select((part, stage) => (part, stage)).Where(one => one.part.Layer == layer).Select(one => one.stage)];

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

    /// <exception cref="InvalidInputException">Layers cannot be shared among stages as the spec wants it.</exception>
    public static void Check(ExperimentSpec spec)
    {
        Check(spec, "shards", spec.Shards, layer => spec.Layers[layer], "units");
        Check(spec, "replicas", spec.Replicas, _ => spec.BatchSize, "images a batch");
        if (All(spec).FirstOrDefault(part => PartsOf(spec.Shards, part.Layer) > 1 && PartsOf(spec.Replicas, part.Layer) > 1) is { Count: > 0 } both)
        {
            throw new InvalidInputException($"shards, replicas: layer {both.Layer + 1} has both; expected 1 of one of them.");
        }
    }

    private static void Check(ExperimentSpec spec, string field, IReadOnlyList<int> numbers, Func<int, int> shared, string what)
    {
        if (numbers.Count > 0 && numbers.Count != spec.Layers.Count)
        {
            throw new InvalidInputException($"{field}: {numbers.Count} numbers for {spec.Layers.Count} layers; expected one each, or an empty list.");
        }

        if (numbers.Any(number => number > 1) && (spec.TopDown.IsOn || spec.Local.IsOn || spec.Backpropagation.IsOn))
        {
            throw new InvalidInputException($"{field}: layers are whole with signals from above, local fields and backpropagation; expected an empty list with these.");
        }

        for (var i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] > Most || shared(i) % numbers[i] != 0)
            {
                throw new InvalidInputException($"{field}[{i}]: {numbers[i]} for {shared(i)} {what}; expected at most {Most}, with as many each.");
            }
        }
    }

    private static IEnumerable<LayerPart> Of(ExperimentSpec spec, int layer)
    {
        int shards = PartsOf(spec.Shards, layer), replicas = PartsOf(spec.Replicas, layer);
        return Enumerable.Range(0, Math.Max(shards, replicas)).Select(number => new LayerPart(layer, number, Math.Max(shards, replicas), replicas > 1));
    }

    private static int PartsOf(IReadOnlyList<int> numbers, int layer) => layer < numbers.Count ? numbers[layer] : 1;
}
