using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>Which stages a network's layers make, and which of the layers the readout looks at.</summary>
internal sealed class StageTopology
{
    private readonly List<int>[] _stages; // by layer

    /// <param name="parts">What each stage has of a layer, from the bottom up.</param>
    /// <param name="readout">Which layers the readout looks at.</param>
    internal StageTopology(IReadOnlyList<LayerShard> parts, ReadoutSpec readout)
    {
        Parts = parts;
        Layers = parts[^1].Layer + 1;
        _stages =
        [
            .. Enumerable
                .Range(0, Layers)
                .Select(layer => Enumerable.Range(0, parts.Count).Where(stage => parts[stage].Layer == layer).ToList()),
        ];
        var last = readout.LastLayer == 0 ? Layers : Math.Min(readout.LastLayer, Layers);
        var first = Math.Min(readout.FirstLayer, last) - 1;
        Featured = [.. Enumerable.Range(first, last - first)];
    }

    /// <summary>What each stage has of a layer, from the bottom up.</summary>
    public IReadOnlyList<LayerShard> Parts { get; }

    /// <summary>Layers that measure themselves: a network that learns as a whole counts as one.</summary>
    public int Layers { get; }

    /// <summary>Positions, from 0, of the layers that the readout and the goodness test look at.</summary>
    public IReadOnlyList<int> Featured { get; }

    /// <summary>Of a run.</summary>
    /// <exception cref="InvalidInputException">The spec names a recipe that nobody knows.</exception>
    public static StageTopology Of(ExperimentSpec spec) => Recipe.Of(spec).Network.Stages;

    /// <summary>Positions, among all stages, of those that have a layer together; none where there is no such layer.</summary>
    public IReadOnlyList<int> StagesOf(int layer) => layer < 0 || layer >= Layers ? [] : _stages[layer];
}
