using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>A run's checkpoints in one folder that all silos share.</summary>
internal sealed class SharedCheckpoints(string run, CheckpointFolder folder, CheckpointHolders holders) : ICheckpoints
{
    public Task<CheckpointFile> Write(
        CheckpointId id,
        string name,
        IReadOnlyList<StateTensor> snapshot,
        IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellation
    ) => Task.Run(() => folder.WriteTensors(id, name, snapshot, metadata), CancellationToken.None);

    public IReadOnlyList<StateTensor> Read(CheckpointId id, CheckpointFile file, CancellationToken cancellation) =>
        folder.ReadTensors(id, file).Tensors;

    public Task<byte[]> ReadPiece(CheckpointId id, CheckpointFile file, long offset, int bytes) =>
        Task.Run(() => folder.ReadPiece(id, file.Name, offset, bytes));

    public Task<IReadOnlyList<string>> Commit(CheckpointManifest manifest) => Task.Run(() => folder.Commit(manifest));

    // By every silo all the same: where a folder is not shared although it should be, what is in it would never go.
    public async Task<IReadOnlyList<string>> Discard(CheckpointId id) =>
        await Task.Run(() => folder.Discard(id)) is { Count: > 0 } left
            ? left
            : [.. (await holders.AskOthers(holder => holder.Discard(run, id))).SelectMany(answer => answer.Value)];

    public Task<IReadOnlyList<string>> RemoveUnfinished(int generation) =>
        Task.Run(() => folder.RemoveUnfinished(new CheckpointId(0, generation)));

    public Task<CheckpointSearch> Latest(string spec, string fingerprint) => Task.Run(() => folder.Latest(spec, fingerprint));
}
