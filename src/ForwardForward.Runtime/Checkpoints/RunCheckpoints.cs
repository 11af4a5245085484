using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Experiments;
using ForwardForward.Runtime.Readouts;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>The coordinator's side of a run's checkpoints: hears of their parts, and makes a checkpoint of them when all are there.</summary>
internal sealed class RunCheckpoints(CheckpointFolder folder) : IRunCheckpoints
{
    private readonly Dictionary<CheckpointId, List<CheckpointFile>> _parts = [];

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
        return new CheckpointManifest(run.Run, id.Generation, id.Slot, run.Fingerprint, SpecReader.Write(run.Spec), [.. parts.OrderBy(file => file.Name == ReadoutPipelineStage.CheckpointName).ThenBy(file => file.Name.Length).ThenBy(file => file.Name, StringComparer.Ordinal)]);
    }

    public Task<IReadOnlyList<string>> Commit(CheckpointManifest manifest, IReadOnlyList<RunEvent> measured) =>
        Task.Run(() => folder.Commit(manifest with { Journal = JournalText.Write(measured) }));

    public Task<CheckpointSearch> Latest(RunStatus run)
    {
        _parts.Clear();
        return Task.Run(() => folder.Latest(SpecReader.Write(run.Spec), run.Fingerprint));
    }
}
