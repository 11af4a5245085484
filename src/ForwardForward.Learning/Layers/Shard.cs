using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Layers;

/// <summary>The part of a layer that one stage has: as many units as its other parts have, side by side.</summary>
/// <param name="Layer">Position of the layer, from 0.</param>
/// <param name="Number">Position among the layer's parts, from 0.</param>
/// <param name="Count">Parts of the layer; 1: it is not split.</param>
public readonly record struct Shard(int Layer, int Number, int Count)
{
    /// <summary>For people and in names of files: <c>2</c>, or <c>2-1</c> for the first part of layer 2.</summary>
    public string Name => Count == 1 ? $"{Layer + 1}" : $"{Layer + 1}-{Number + 1}";

    /// <summary>Of all stages that layers make, from the bottom up.</summary>
    public static IReadOnlyList<Shard> All(ExperimentSpec spec) => spec.Backpropagation.IsOn
        ? [new Shard(0, 0, 1)]
        : [.. spec.Layers.SelectMany((_, layer) => Enumerable.Range(0, Of(spec, layer)).Select(number => new Shard(layer, number, Of(spec, layer))))];

    /// <summary>Positions, among all stages, of those that have a layer together.</summary>
    public static IReadOnlyList<int> Stages(ExperimentSpec spec, int layer) => [.. All(spec).Select((shard, stage) => (shard, stage)).Where(one => one.shard.Layer == layer).Select(one => one.stage)];

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

    /// <exception cref="InvalidInputException">Layers cannot be split as the spec wants it.</exception>
    public static void Check(ExperimentSpec spec)
    {
        if (spec.Shards.Count == 0)
        {
            return;
        }

        if (spec.Shards.Count != spec.Layers.Count)
        {
            throw new InvalidInputException($"shards: {spec.Shards.Count} numbers for {spec.Layers.Count} layers; expected one each, or an empty list.");
        }

        if (spec.Shards.Any(shards => shards > 1) && (spec.TopDown.IsOn || spec.Local.IsOn || spec.Backpropagation.IsOn))
        {
            throw new InvalidInputException("shards: layers are split without signals from above, local fields and backpropagation; expected an empty list with these.");
        }

        for (var i = 0; i < spec.Shards.Count; i++)
        {
            if (spec.Shards[i] > Most || spec.Layers[i] % spec.Shards[i] != 0)
            {
                throw new InvalidInputException($"shards[{i}]: {spec.Shards[i]} for {spec.Layers[i]} units; expected at most {Most}, with as many units each.");
            }
        }
    }

    /// <summary>Most parts of a layer.</summary>
    public const int Most = 64;

    private static int Of(ExperimentSpec spec, int layer) => spec.Shards.Count == 0 ? 1 : spec.Shards[layer];
}
