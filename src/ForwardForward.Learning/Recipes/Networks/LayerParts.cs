using ForwardForward.Learning.Goodnesses;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes.Networks;

/// <summary>How a spec shares its layers among stages.</summary>
internal static class LayerParts
{
    /// <summary>Of all stages that layers make, from the bottom up.</summary>
    public static IReadOnlyList<LayerShard> All(ExperimentSpec spec) => [.. spec.Layers.SelectMany((_, layer) => Of(spec, layer))];

    /// <exception cref="InvalidInputException">Layers cannot be shared among stages as the spec wants it.</exception>
    public static void Check(ExperimentSpec spec)
    {
        Check(spec, "shards", spec.Shards, layer => spec.Layers[layer], "units");
        Check(spec, "replicas", spec.Replicas, _ => spec.BatchSize, "images a batch");
        if (
            All(spec).FirstOrDefault(part => PartsOf(spec.Shards, part.Layer) > 1 && PartsOf(spec.Replicas, part.Layer) > 1) is
            { Count: > 0 } both
        )
        {
            throw new InvalidInputException($"shards, replicas: layer {both.Layer + 1} has both; expected 1 of one of them.");
        }

        if (spec.Shards.Any(number => number > 1) && Seams.Goodness.Get(spec.Goodness.Kind)(spec.Goodness, 1) is not ISquaresGoodness)
        {
            throw new InvalidInputException(
                $"shards: goodness '{spec.Goodness.Kind}' is made of what every unit of a layer does; expected an empty list with it."
            );
        }
    }

    private static void Check(ExperimentSpec spec, string field, IReadOnlyList<int> numbers, Func<int, int> shared, string what)
    {
        if (numbers.Count > 0 && numbers.Count != spec.Layers.Count)
        {
            throw new InvalidInputException(
                $"{field}: {numbers.Count} numbers for {spec.Layers.Count} layers; expected one each, or an empty list."
            );
        }

        if (numbers.Any(number => number > 1) && IsWhole(spec))
        {
            throw new InvalidInputException(
                $"{field}: layers are whole with signals from above, local fields, convolutions and backpropagation; expected an empty "
                    + "list with these."
            );
        }

        for (var i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] > LayerShard.MaxCount || shared(i) % numbers[i] != 0)
            {
                throw new InvalidInputException(
                    $"{field}[{i}]: {numbers[i]} for {shared(i)} {what}; expected at most {LayerShard.MaxCount}, with as many each."
                );
            }
        }
    }

    private static bool IsWhole(ExperimentSpec spec) =>
        spec.TopDown.Iterations > 0 || spec.Local.IsOn || spec.Convolutions.Count > 0 || spec.Backpropagation.Network != NetworkKind.None;

    private static IEnumerable<LayerShard> Of(ExperimentSpec spec, int layer)
    {
        int shards = PartsOf(spec.Shards, layer),
            replicas = PartsOf(spec.Replicas, layer);
        return Enumerable
            .Range(0, Math.Max(shards, replicas))
            .Select(number => new LayerShard(layer, number, Math.Max(shards, replicas), replicas > 1));
    }

    private static int PartsOf(IReadOnlyList<int> numbers, int layer) => layer < numbers.Count ? numbers[layer] : 1;
}
