using System.Collections.Concurrent;
using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>The checkpoints of a silo's runs, a folder each.</summary>
/// <param name="folderOf">The folder of a run, by its name.</param>
/// <param name="isShared">Whether it is on storage that all silos of the cluster share, or is this silo's own.</param>
/// <param name="silo">Its address tells the files that it writes from those of others.</param>
internal sealed class CheckpointStore(Func<string, string> folderOf, bool isShared, ILocalSiloDetails silo, CheckpointHolders holders)
{
    private readonly ConcurrentDictionary<string, CheckpointFolder> _folders = [];
    private readonly string _writer = silo.SiloAddress.ToParsableString().Replace(':', '-').Replace('@', '-');

    public ICheckpoints Of(string run) =>
        isShared ? new SharedCheckpoints(run, Folder(run), holders) : new ReplicatedCheckpoints(run, Folder(run), holders);

    /// <summary>What this silo sees of a run. One object, so that no two writes use the same temporary file.</summary>
    public CheckpointFolder Folder(string run) => _folders.GetOrAdd(run, name => new CheckpointFolder(folderOf(name), _writer));
}
