namespace ForwardForward.Learning.Checkpoints;

/// <summary>The checkpoints of a folder by name, complete or not.</summary>
internal static class CheckpointList
{
    /// <exception cref="CheckpointException">The folder cannot be read; one that is not there has none.</exception>
    public static IReadOnlyList<CheckpointId> NewestFirst(string path)
    {
        try
        {
            var names = Directory.Exists(path) ? Directory.GetDirectories(path).Select(folder => Path.GetFileName(folder)) : [];
            return [.. names.Select(CheckpointId.OfFolder).OfType<CheckpointId>().OrderByDescending(id => (id.Slot, id.Generation))];
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            throw CheckpointException.Unreadable(path, e);
        }
    }
}
