using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;

namespace ForwardForward.Silo.Live;

/// <summary>What is told of a run to who follows it by HTTP.</summary>
internal static class RunEventStream
{
    // Every slot is news; a person reads four or five changes a second.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    // While a coordinator is brought up on another silo.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="generation">Of what the client had last.</param>
    /// <param name="next">The event of that generation that it has not had; 0: none.</param>
    /// <param name="end">Somebody has gone: the client, or this silo.</param>
    public static async IAsyncEnumerable<SseItem<object>> Of(
        IExperimentGrain experiment,
        int generation,
        long next,
        [EnumeratorCancellation] CancellationToken end
    )
    {
        var known = new HashSet<(int Subject, long Slot)>();
        while (await News(experiment, next, end) is { } news)
        {
            yield return new SseItem<object>(RunDetail.Of(news.Status), "status");
            if (news.Status.Generation != generation)
            {
                // What was measured is measured again, in an order of its own.
                var hasAll = next == 0;
                (generation, next) = (news.Status.Generation, 0);
                if (!hasAll)
                {
                    continue;
                }
            }

            foreach (var measured in news.Events)
            {
                var id = $"{generation}.{next++}";
                if (known.Add((measured.Subject, measured.Slot)) && Item(measured) is { } item)
                {
                    yield return new SseItem<object>(item.Data, item.Type) { EventId = id };
                }
            }

            if (!news.HasMore && (news.Status.IsOver || !await Rest(end)))
            {
                yield break;
            }
        }
    }

    private static (string Type, object Data)? Item(RunEvent measured) =>
        measured switch
        {
            { Layer: not null } => ("layer", MeasuredLayer.Of(measured)),
            { Evaluation: not null } => ("evaluation", MeasuredTest.Of(measured)),
            { Streamed: { } streamed } => (
                "stream",
                new MeasuredStream(measured.Seconds, streamed.Slot, streamed.Epoch, streamed.Examples, streamed.Error)
            ),
            _ => null, // traces are for those who compare runs
        };

    /// <returns>Null where nobody asks any more, or nobody answers.</returns>
    private static async Task<RunUpdate?> News(IExperimentGrain experiment, long next, CancellationToken end)
    {
        for (var since = TimeProvider.System.GetTimestamp(); !end.IsCancellationRequested; )
        {
            try
            {
                return await experiment.Watch(next).WaitAsync(end);
            }
            catch (Exception e) when (e is OperationCanceledException or InvalidInputException)
            {
                return null; // it was deleted, or somebody is gone
            }
            catch (Exception) // of many kinds while a silo goes
            {
                if (TimeProvider.System.GetElapsedTime(since) > Patience || !await Rest(end))
                {
                    return null;
                }
            }
        }

        return null;
    }

    /// <returns>Whether anybody is still there afterwards.</returns>
    private static async Task<bool> Rest(CancellationToken end)
    {
        await Task.Delay(Pace, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !end.IsCancellationRequested;
    }
}
