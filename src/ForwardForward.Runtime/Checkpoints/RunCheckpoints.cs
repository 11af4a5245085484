using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>The coordinator's side of a run's checkpoints: hears of their parts, and makes a checkpoint of them when all are there.</summary>
internal sealed class RunCheckpoints(CheckpointFolder folder)
{
    private readonly Dictionary<CheckpointId, List<CheckpointFile>> _parts = [];

    /// <summary>Takes note of a part.</summary>
    /// <returns>The manifest, where it was the last part.</returns>
    public CheckpointManifest? Add(RunStatus run, long slot, CheckpointFile part)
    {
        var id = new CheckpointId(slot, run.Generation);
        if (!_parts.TryGetValue(id, out var parts))
        {
            _parts[id] = parts = [];
        }

        parts.Add(part);
        if (parts.Count <= run.Spec.Layers.Count)
        {
            return null;
        }

        _parts.Remove(id);
        return new CheckpointManifest(run.Run, id.Generation, id.Slot, run.Fingerprint, SpecReader.Write(run.Spec), parts);
    }

    /// <returns>What could not be removed of older ones, a sentence each.</returns>
    /// <exception cref="CheckpointException">It was not made; older ones are as they were.</exception>
    public Task<IReadOnlyList<string>> Commit(CheckpointManifest manifest) => Task.Run(() => folder.Commit(manifest));

    /// <summary>The newest whole checkpoint of a run, and why newer ones were passed over.</summary>
    public Task<CheckpointSearch> Latest(RunStatus run)
    {
        _parts.Clear();
        return Task.Run(() => folder.Latest(SpecReader.Write(run.Spec), run.Fingerprint));
    }
}
