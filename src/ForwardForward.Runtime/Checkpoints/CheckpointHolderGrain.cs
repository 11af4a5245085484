using ForwardForward.Contracts.Checkpoints;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Runtime.Placement;
using Orleans.Concurrency;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>
/// Lends a silo's folder to the others. All it knows is on the disk; two silos that copy from each other must not wait for each other.
/// </summary>
[PlannedPlacement, Reentrant]
internal sealed class CheckpointHolderGrain(CheckpointStore store, CheckpointHolders holders) : Grain, ICheckpointHolder
{
    // On a thread of its own, since it waits for every piece.
    public Task Fetch(string run, CheckpointId id, CheckpointFile file, SiloAddress from) =>
        Task.Factory.StartNew(
            () => holders.Copy(new ActiveSilo(from, from.ToString()), run, id, file, store.Folder(run), CancellationToken.None),
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default
        );

    public Task<byte[]> Read(string run, CheckpointId id, string file, long offset, int bytes) =>
        Task.Run(() => store.Folder(run).ReadPiece(id, file, offset, bytes));

    public Task Commit(CheckpointManifest manifest, IReadOnlyList<string> files) =>
        Task.Run(() => store.Folder(manifest.Run).CommitShare(manifest, files));

    public Task<CheckpointListing> Listing(string run, string spec, string fingerprint) =>
        Task.Run(() => store.Folder(run).Listing(spec, fingerprint));

    public Task<CheckpointManifest?> Manifest(string run, CheckpointId id, string spec, string fingerprint) =>
        Task.Run(() => store.Folder(run).Manifest(id, spec, fingerprint));

    public Task<HeldFiles> Held(CheckpointManifest manifest) => Task.Run(() => store.Folder(manifest.Run).Held(manifest));

    public Task<IReadOnlyList<string>> RemoveOlderThan(string run, CheckpointId kept) =>
        Task.Run(() => store.Folder(run).RemoveOlderThan(kept));

    public Task<IReadOnlyList<string>> RemoveUnfinished(string run, CheckpointId before) =>
        Task.Run(() => store.Folder(run).RemoveUnfinished(before));

    public Task<IReadOnlyList<string>> Discard(string run, CheckpointId id) => Task.Run(() => store.Folder(run).Discard(id));
}
