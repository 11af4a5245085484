using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Layers;
using ForwardForward.Runtime.Readouts;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>What the stages of a run have saved, until it is whole checkpoints.</summary>
internal sealed class PendingCheckpoints
{
    private readonly Dictionary<CheckpointId, List<CheckpointFile>> _parts = [];
    private readonly HashSet<CheckpointId> _lost = [];

    /// <summary>Takes note of a part.</summary>
    /// <returns>The manifest, where it was the last part; layers from the bottom up, then the readout.</returns>
    public CheckpointManifest? Add(RunStatus run, long slot, CheckpointFile part)
    {
        var id = new CheckpointId(slot, run.Generation);
        if (_lost.Contains(id))
        {
            return null;
        }

        if (!_parts.TryGetValue(id, out var parts))
        {
            _parts[id] = parts = [];
        }

        parts.RemoveAll(known => known.Name == part.Name); // a report that came twice
        parts.Add(part);
        if (parts.Count <= StageTopology.Of(run.Spec).Parts.Count)
        {
            return null;
        }

        _parts.Remove(id);
        var order = StageTopology.Of(run.Spec).Parts.Select(LayerWorkLoop.CheckpointName).ToList();
        return new CheckpointManifest(
            run.Run,
            id.Generation,
            id.Slot,
            run.Fingerprint,
            SpecReader.Write(run.Spec),
            [.. parts.OrderBy(file => file.Name == ReadoutWorkLoop.CheckpointName).ThenBy(file => order.IndexOf(file.Name))]
        );
    }

    /// <summary>A part cannot be kept, so the whole will never be.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Lose(CheckpointId id)
    {
        _parts.Remove(id);
        return _lost.Add(id);
    }

    public bool IsLost(CheckpointId id) => _lost.Contains(id);

    /// <summary>Forgets what is not whole.</summary>
    public void Clear()
    {
        _parts.Clear();
        _lost.Clear();
    }
}
