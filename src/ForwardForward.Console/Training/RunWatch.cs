using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Console.Training;

/// <summary>Follows a run to its end.</summary>
internal static class RunWatch
{
    // Every slot is news; a person reads four or five changes a second.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    /// <param name="watch">Answers with the status and the events from the given one on.</param>
    public static async Task<RunStatus> Follow(Func<long, Task<RunUpdate>> watch, Action<RunUpdate> update, CancellationToken cancellation)
    {
        for (long next = 0; ;)
        {
            var news = await watch(next).WaitAsync(cancellation);
            next += news.Events.Count;
            update(news);
            if (news.Status.IsOver)
            {
                return news.Status;
            }

            await Task.Delay(Pace, cancellation);
        }
    }
}
