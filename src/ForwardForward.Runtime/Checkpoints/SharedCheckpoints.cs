using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>A run's checkpoints in one folder that all silos share.</summary>
internal sealed class SharedCheckpoints(CheckpointFolder folder) : ICheckpoints
{
    public Task<CheckpointFile> Write(CheckpointId id, string name, IReadOnlyList<StateTensor> snapshot, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation) =>
        Task.Run(() => folder.WriteTensors(id, name, snapshot, metadata), CancellationToken.None);

    public IReadOnlyList<StateTensor> Read(CheckpointId id, CheckpointFile file, CancellationToken cancellation) => folder.ReadTensors(id, file).Tensors;

    public Task<byte[]> ReadPiece(CheckpointId id, CheckpointFile file, long offset, int bytes) => Task.Run(() => folder.ReadPiece(id, file.Name, offset, bytes));

    public Task<IReadOnlyList<string>> Commit(CheckpointManifest manifest) => Task.Run(() => folder.Commit(manifest));

    public Task<CheckpointSearch> Latest(string spec, string fingerprint) => Task.Run(() => folder.Latest(spec, fingerprint));
}
