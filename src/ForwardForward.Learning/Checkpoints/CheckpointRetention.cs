namespace ForwardForward.Learning.Checkpoints;

/// <summary>
/// Removes old checkpoints and those that were never complete, and never one of the last two from which the run could go on.
/// </summary>
internal sealed class CheckpointRetention(string path)
{
    private const int Kept = 2;
    private (CheckpointId Id, string Stamp)? _last; // that was completed here: nobody has touched it since as long as its stamp is the same

    /// <param name="committed">
    /// Just completed, so it is not read again; an older one is kept for it only if it was completed here and not touched since, or after
    /// all of it was read.
    /// </param>
    /// <returns>What could not be removed and why, a sentence each.</returns>
    public IReadOnlyList<string> RemoveOlderThanLastTwo(CheckpointManifest committed)
    {
        try
        {
            var all = CheckpointId.NewestFirst(path);
            var old = OlderThanLastTwo(all, committed).ToList();
            return [.. old.Union(Unfinished(all, committed.Id)).Select(Remove).OfType<string>()];
        }
        catch (CheckpointException e)
        {
            return [e.Message];
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            return [$"{path} cannot be looked through: {e.Message.TrimEnd('.')}."];
        }
    }

    /// <summary>For a folder that holds only some files of each checkpoint, so that it cannot tell by itself which are whole.</summary>
    /// <returns>What could not be removed and why, a sentence each.</returns>
    public IReadOnlyList<string> RemoveOlderThan(CheckpointId kept)
    {
        try
        {
            return
            [
                .. CheckpointId
                    .NewestFirst(path)
                    .Where(id => (id.Slot, id.Generation).CompareTo((kept.Slot, kept.Generation)) < 0)
                    .Select(Remove)
                    .OfType<string>(),
            ];
        }
        catch (CheckpointException e)
        {
            return [e.Message];
        }
    }

    /// <returns>What could not be removed and why, a sentence each.</returns>
    public IReadOnlyList<string> RemoveUnfinished(CheckpointId before)
    {
        try
        {
            return [.. Unfinished(CheckpointId.NewestFirst(path), before).Select(Remove).OfType<string>()];
        }
        catch (CheckpointException e)
        {
            return [e.Message];
        }
    }

    /// <returns>What could not be removed and why: one sentence or none.</returns>
    public IReadOnlyList<string> Discard(CheckpointId id) =>
        Directory.Exists(Path.Combine(path, id.FolderName)) && Remove(id) is { } reason ? [reason] : [];

    private IEnumerable<CheckpointId> Unfinished(IEnumerable<CheckpointId> ids, CheckpointId before) =>
        ids.Where(id => id.IsOverBefore(before) && HasNoManifest(id));

    // Known for certain: a file system that refuses an answer must not cost a checkpoint.
    private bool HasNoManifest(CheckpointId id)
    {
        try
        {
            File.GetAttributes(Path.Combine(path, id.FolderName, FileName.Manifest));
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            return false;
        }
    }

    private IEnumerable<CheckpointId> OlderThanLastTwo(IReadOnlyList<CheckpointId> newestFirst, CheckpointManifest committed)
    {
        var verifier = new CheckpointVerifier(path);
        var whole = newestFirst
            .Where(id => id == committed.Id || IsUntouched(id) || verifier.Of(id, committed.Spec, committed.Fingerprint).Reason is null)
            .Take(Kept)
            .ToList();
        _last = (committed.Id, Stamp(committed.Id));
        return whole.Count < Kept ? [] : newestFirst.SkipWhile(id => id != whole[^1]).Skip(1);
    }

    private bool IsUntouched(CheckpointId id) => _last is { } last && last.Id == id && last.Stamp == Stamp(id);

    private string Stamp(CheckpointId id) =>
        string.Join(
            '|',
            new DirectoryInfo(Path.Combine(path, id.FolderName))
                .GetFiles()
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}")
        );

    private string? Remove(CheckpointId id)
    {
        var folder = Path.Combine(path, id.FolderName);
        try
        {
            File.Delete(Path.Combine(folder, FileName.Manifest)); // first: without it the rest is no checkpoint
            Directory.Delete(folder, recursive: true);
            return null;
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            return $"{folder} is no longer needed but cannot be removed: {e.Message.TrimEnd('.')}.";
        }
    }
}
