using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Experiments;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>
/// The coordinator's side of a run's checkpoints: hears of their parts, and makes a checkpoint of them when all are there.
/// </summary>
internal sealed class RunCheckpoints(ICheckpoints checkpoints) : IRunCheckpoints
{
    private readonly PendingCheckpoints _parts = new();

    public CheckpointManifest? Add(RunStatus run, long slot, CheckpointFile part) => _parts.Add(run, slot, part);

    public Task<IReadOnlyList<string>> Commit(CheckpointManifest manifest, IReadOnlyList<RunEvent> measured) =>
        Task.Run(() => checkpoints.Commit(manifest with { Journal = JournalText.Write(measured) }));

    public bool Lose(CheckpointId id) => _parts.Lose(id);

    public bool IsLost(CheckpointId id) => _parts.IsLost(id);

    public Task<IReadOnlyList<string>> Discard(CheckpointId id) => checkpoints.Discard(id);

    public Task<IReadOnlyList<string>> RemoveUnfinished(int generation) => checkpoints.RemoveUnfinished(generation);

    public Task<CheckpointSearch> Latest(RunStatus run)
    {
        _parts.Clear();
        return checkpoints.Latest(SpecReader.Write(run.Spec), run.Fingerprint);
    }
}
