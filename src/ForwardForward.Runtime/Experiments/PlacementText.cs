using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Runtime.Experiments;

/// <summary>Where layers are and were, for a person.</summary>
internal static class PlacementText
{
    /// <summary>As in "layers 1-2 stay on silo-1, layer 3 moves from silo-2 to silo-1"; parts of a layer count as the layer.</summary>
    /// <param name="before">Empty: they were nowhere.</param>
    public static string Moves(IReadOnlyList<LayerPlace> before, IReadOnlyList<LayerPlace> after)
    {
        var steps = after.Select((place, i) => (place.Layer, Step(before.ElementAtOrDefault(i), place))).Distinct();
        var runs = new List<(int First, int Last, (string? From, string To) Step)>();
        foreach (var (layer, step) in steps)
        {
            if (runs.Count > 0 && runs[^1].Step == step && runs[^1].Last >= layer - 1)
            {
                runs[^1] = runs[^1] with { Last = layer };
            }
            else
            {
                runs.Add((layer, layer, step));
            }
        }

        return string.Join(", ", runs.Select(run => Text(run.First, run.Last, run.Step.From, run.Step.To)));
    }

    /// <summary>What a silo has of a run, as in "has layers 1-2, 4 and the readout".</summary>
    /// <param name="layers">From 1, in order; a layer may be named for each of its parts.</param>
    public static string Stages(IEnumerable<int> layers, bool hasReadout, bool hasSource)
    {
        var runs = new List<(int First, int Last)>();
        foreach (var layer in layers.Distinct())
        {
            if (runs.Count > 0 && runs[^1].Last == layer - 1)
            {
                runs[^1] = (runs[^1].First, layer);
            }
            else
            {
                runs.Add((layer, layer));
            }
        }

        var named = string.Join(", ", runs.Select(run => run.First == run.Last ? $"{run.First}" : $"{run.First}-{run.Last}"));
        var isOne = runs.Count == 1 && runs[0].First == runs[0].Last;
        string?[] parts =
        [
            runs.Count == 0 ? null : $"{(isOne ? "layer" : "layers")} {named}",
            hasReadout ? "the readout" : null,
            hasSource ? "the source" : null,
        ];
        return $"has {string.Join(" and ", parts.OfType<string>())}";
    }

    // A silo that is started again has its name, and is another.
    private static (string? From, string To) Step(LayerPlace? before, LayerPlace after) => (before?.Silo, after.Silo);

    private static string Text(int first, int last, string? from, string to)
    {
        var (layers, isOne) = (first == last ? $"layer {first}" : $"layers {first}-{last}", first == last);
        return from is null ? $"{layers} {(isOne ? "is" : "are")} placed on {to}"
            : from == to ? $"{layers} {(isOne ? "stays" : "stay")} on {to}"
            : $"{layers} {(isOne ? "moves" : "move")} from {from} to {to}";
    }
}
