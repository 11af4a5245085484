namespace ForwardForward.Runtime.Checkpoints;

/// <summary>Where a silo says that it keeps checkpoints.</summary>
/// <param name="Folder">Its path on that silo.</param>
/// <param name="IsShared">Whether all silos of the cluster are said to see the same files there.</param>
/// <param name="Mark">Name of the file by which others see that it is the same folder as theirs; nobody had it before.</param>
public sealed record CheckpointPlace(string Folder, bool IsShared, string Mark)
{
    private const string FolderKey = "ff.checkpoints.folder";
    private const string SharedKey = "ff.checkpoints.shared";
    private const string MarkKey = "ff.checkpoints.mark";

    /// <param name="owner">Who leaves the mark: a name that no other silo in the folder has.</param>
    public static CheckpointPlace Of(string folder, bool isShared, string owner) =>
        new(Path.GetFullPath(folder), isShared, FolderMark.NewName(owner));

    internal void AddTo(Dictionary<string, string> metadata) =>
        (metadata[FolderKey], metadata[SharedKey], metadata[MarkKey]) = (Folder, IsShared.ToString(), Mark);

    /// <returns>Null where the silo has not told.</returns>
    internal static CheckpointPlace? FromMetadata(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(FolderKey, out var folder)
            ? new CheckpointPlace(folder, bool.Parse(metadata[SharedKey]), metadata[MarkKey])
            : null;
}
