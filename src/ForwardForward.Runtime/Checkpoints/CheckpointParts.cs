using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Layers;
using ForwardForward.Runtime.Readouts;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>What the stages of a run have saved, until it is whole checkpoints.</summary>
internal sealed class CheckpointParts
{
    private readonly Dictionary<CheckpointId, List<CheckpointFile>> _parts = [];

    /// <summary>Takes note of a part.</summary>
    /// <returns>The manifest, where it was the last part; layers from the bottom up, then the readout.</returns>
    public CheckpointManifest? Add(RunStatus run, long slot, CheckpointFile part)
    {
        var id = new CheckpointId(slot, run.Generation);
        if (!_parts.TryGetValue(id, out var parts))
        {
            _parts[id] = parts = [];
        }

        parts.RemoveAll(known => known.Name == part.Name); // a report that came twice
        parts.Add(part);
        if (parts.Count <= run.Spec.LayerStages)
        {
            return null;
        }

        _parts.Remove(id);
        var order = LayerPart.All(run.Spec).Select(LayerPipelineStage.CheckpointName).ToList();
        return new CheckpointManifest(run.Run, id.Generation, id.Slot, run.Fingerprint, SpecReader.Write(run.Spec), [.. parts.OrderBy(file => file.Name == ReadoutPipelineStage.CheckpointName).ThenBy(file => order.IndexOf(file.Name))]);
    }

    /// <summary>Forgets what is not whole.</summary>
    public void Clear() => _parts.Clear();
}
