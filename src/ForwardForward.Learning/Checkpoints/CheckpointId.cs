using System.Globalization;

namespace ForwardForward.Learning.Checkpoints;

/// <summary>
/// One checkpoint of a run. Every attempt of a run writes into folders of its own, so a late write of an older generation meets no file of
/// a newer one; whichever of them is complete, the state after a slot is the same.
/// </summary>
/// <param name="Slot">From 0; zero-padded in the folder's name, so that a listing is in order.</param>
public readonly record struct CheckpointId(long Slot, int Generation)
{
    /// <summary>
    /// Whether nobody writes it any more once the other is complete: every stage is done with it, or speaks for an attempt that is over.
    /// </summary>
    internal bool IsOverBefore(CheckpointId other) => (Generation, Slot).CompareTo((other.Generation, other.Slot)) < 0;

    internal string FolderName => string.Create(CultureInfo.InvariantCulture, $"{Slot:D10}-g{Generation:D3}");

    /// <returns>Null where no checkpoint has a folder of that name.</returns>
    internal static CheckpointId? OfFolder(string name) =>
        name.Split("-g") is [var slot, var generation]
        && long.TryParse(slot, NumberStyles.None, CultureInfo.InvariantCulture, out var s)
        && int.TryParse(generation, NumberStyles.None, CultureInfo.InvariantCulture, out var g)
        && new CheckpointId(s, g) is var id
        && id.FolderName == name
            ? id
            : null;

    /// <summary>All that have a folder under a path, complete or not.</summary>
    /// <exception cref="CheckpointException">The path cannot be read; one that is not there has none.</exception>
    internal static IReadOnlyList<CheckpointId> NewestFirst(string path)
    {
        try
        {
            var names = Directory.Exists(path) ? Directory.GetDirectories(path).Select(folder => Path.GetFileName(folder)) : [];
            return [.. names.Select(OfFolder).OfType<CheckpointId>().OrderByDescending(id => (id.Slot, id.Generation))];
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            throw CheckpointException.Unreadable(path, e);
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"the checkpoint of slot {Slot}, generation {Generation}");
}
