using System.Collections.Concurrent;
using ForwardForward.Chaos.Recovery;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Lessons;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Sources;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>
/// The states of a small run on the sequential trainer, in this process, wherever a checkpoint is due: as far as anybody has asked. So a
/// run that was disturbed need not come to its end to be held against the reference.
/// </summary>
internal sealed class ReferenceTraces : IDisposable
{
    private static readonly ConcurrentDictionary<string, Lazy<ReferenceTraces>> Known = [];
    private readonly SequentialTrainer _trainer;
    private readonly List<StateTrace> _traces = [];

    private ReferenceTraces(ExperimentSpec spec, IReadOnlyList<Lesson>? lessons = null)
    {
        LibTorch.EnsureLoaded();
        _trainer = new SequentialTrainer(
            spec,
            new DataSets(DataSets.DefaultCacheFolder).Open(spec.Dataset),
            new WorkerPool(1),
            Places(spec, lessons)
        );
        _trainer.SlotDone += slot =>
        {
            if (StateTraces.After(_trainer, slot) is { } trace)
            {
                _traces.Add(trace);
            }
        };
    }

    /// <summary>
    /// Waits until a run has kept its state after a slot, as every undisturbed run of its spec does, and holds every such state against the
    /// reference. A state that it kept because it was brought to rest is of no other run, and has no trace.
    /// </summary>
    /// <param name="since">That slot.</param>
    /// <param name="watch">Answers with its events from the given one on.</param>
    /// <param name="lessons">All that were taught to it; null: none.</param>
    /// <returns>How the run was then.</returns>
    public static async Task<RunStatus> Hold(long since, Func<long, Task<RunUpdate>> watch, IReadOnlyList<Lesson>? lessons = null)
    {
        List<StateTrace> traces = [];
        var (next, generation, update) = (0L, -1, (RunUpdate?)null);
        await Event.Of(
            $"the run keeps its state after slot {since}",
            async () =>
            {
                update = await watch(next);
                if (update.Status.Generation != generation && next > 0)
                {
                    // what was measured before is in another order now
                    next = 0;
                    traces.Clear();
                    return false;
                }

                generation = update.Status.Generation;
                next += update.Events.Count;
                traces.AddRange(update.Events.Select(measured => measured.Trace).OfType<StateTrace>());
                return !update.HasMore && traces.Any(trace => trace.Slot > since);
            },
            TimeSpan.FromMinutes(2),
            () => $"It is {update?.Status.State} at slot {update?.Status.Slot}. {update?.Status.Error}"
        );
        Assert.Null(StateTraces.FirstDifference(Of(update!.Status.Spec, traces.Max(trace => trace.Slot), lessons), traces));
        return update.Status;
    }

    /// <param name="spec">As the run's status has it: with the digest of its data, wherever these lie.</param>
    /// <param name="slot">The last that matters.</param>
    private static IReadOnlyList<StateTrace> Of(ExperimentSpec spec, long slot, IReadOnlyList<Lesson>? lessons)
    {
        if (lessons is not null)
        {
            using var taught = new ReferenceTraces(spec, lessons);
            return taught.UpTo(slot);
        }

        return Known.GetOrAdd(SpecReader.Write(spec with { Dataset = "" }), _ => new(() => new ReferenceTraces(spec))).Value.UpTo(slot);
    }

    private static LessonSchedule? Places(ExperimentSpec spec, IReadOnlyList<Lesson>? lessons) =>
        lessons is null ? null : new SourceLessons(spec, long.MaxValue, lessons).Schedule;

    public void Dispose() => _trainer.Dispose();

    private IReadOnlyList<StateTrace> UpTo(long slot)
    {
        lock (_traces)
        {
            while (_trainer.NextSlot <= slot)
            {
                _trainer.RunEpoch(CancellationToken.None);
            }

            return [.. _traces];
        }
    }
}
