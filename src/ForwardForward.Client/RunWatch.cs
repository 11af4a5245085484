using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Client;

/// <summary>Follows a run to its end, or to where it waits for somebody to see to it.</summary>
public static class RunWatch
{
    // Every slot is news; a person reads four or five changes a second.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    /// <param name="update">Takes every event once, whatever is lost on the way.</param>
    /// <param name="watch">Answers with the status and the events from the given one on.</param>
    public static async Task<RunStatus> Follow(Func<long, Task<RunUpdate>> watch, Action<RunUpdate> update, CancellationToken cancellation)
    {
        var known = new HashSet<(int Subject, long Slot)>();
        var generation = 0;
        for (long next = 0; ; )
        {
            var news = await watch(next).WaitAsync(cancellation);
            if (news.Status.Generation != generation)
            {
                (generation, next) = (news.Status.Generation, 0); // what was measured is measured again, in an order of its own
                continue;
            }

            next += news.Events.Count;
            update(news with { Events = [.. news.Events.Where(measured => known.Add((measured.Subject, measured.Slot)))] });
            if (news.HasMore)
            {
                continue;
            }

            if (news.Status.IsOver || news.Status.IsStuck)
            {
                return news.Status;
            }

            await Task.Delay(Pace, cancellation);
        }
    }
}
