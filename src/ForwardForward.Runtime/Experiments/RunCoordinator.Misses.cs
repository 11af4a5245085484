using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Runtime.Experiments;

/// <content>
/// A checkpoint that cannot be kept is one less, and no reason to stop: what there is of it is removed at once, so that the next one finds
/// the room, and the run says that it is without a net.
/// </content>
internal sealed partial class RunCoordinator
{
    private void Miss(CheckpointId id, string reason)
    {
        var isNews = checkpoints.Lose(id);
        if (isNews)
        {
            // the first part that fails says why; others may only find that what there was has been removed
            LogNotSaved(id.Slot, reason);
        }

        if (isNews && IsAt(id.Generation))
        {
            journal.Change(Current() with { MissedCheckpoints = Current().MissedCheckpoints + 1, WithoutNet = reason });
            store.Mark();
        }

        Discard(id);
        _halt.Missed(id.Slot, reason);
    }

    // Not awaited, as whoever reported goes on; in turn with the commits, so that a run is done only when nothing is left.
    private void Discard(CheckpointId id) => _ = _commits.Pass(() => Cleared(() => checkpoints.Discard(id)));

    private async Task<bool> Cleared(Func<Task<IReadOnlyList<string>>> remove)
    {
        try
        {
            Tell(await remove());
            return true;
        }
        catch (Exception e) when (e is CheckpointException or OrleansException or TimeoutException)
        {
            LogNotRemoved(e.Message);
            return false;
        }
    }

    private void Tell(IReadOnlyList<string> left)
    {
        foreach (var reason in left)
        {
            LogNotRemoved(reason);
        }
    }

    private void Miss(CheckpointSearch search)
    {
        if (Current().LastCheckpointSlot is { } last && search.IsBehind(last))
        {
            LogBehind(last, search.Latest?.Slot + 1 ?? 0);
            journal.Change(
                search.Latest is null
                    ? Current() with
                    {
                        WithoutNet = $"The checkpoint of slot {last} is not where it was kept.",
                    }
                    : Current()
            );
        }
    }
}
