using System.Collections.Concurrent;
using ForwardForward.Chaos.Recovery;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

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

    private ReferenceTraces(ExperimentSpec spec)
    {
        LibTorch.EnsureLoaded();
        _trainer = new SequentialTrainer(spec, new DataSets(DataSets.DefaultCacheFolder).Open(spec.Dataset), new WorkerPool(1));
        _trainer.SlotDone += slot =>
        {
            if (StateTraces.After(_trainer, slot) is { } trace)
            {
                _traces.Add(trace);
            }
        };
    }

    /// <summary>Holds every state that a run has kept against the reference.</summary>
    /// <param name="since">A slot after which it has kept its state.</param>
    /// <param name="run">How it was after that.</param>
    /// <param name="watch">Answers with its events from the given one on.</param>
    public static async Task Hold(long since, RunStatus run, Func<long, Task<RunUpdate>> watch)
    {
        List<StateTrace> traces = [];
        RunUpdate update;
        long next = 0;
        do
        {
            update = await watch(next);
            next += update.Events.Count;
            traces.AddRange(update.Events.Select(measured => measured.Trace).OfType<StateTrace>());
        } while (update.HasMore);

        Assert.Contains(traces, trace => trace.Slot > since);
        Assert.Null(StateTraces.FirstDifference(Of(run.Spec, traces.Max(trace => trace.Slot)), traces));
    }

    /// <param name="spec">As the run's status has it: with the digest of its data, wherever these lie.</param>
    /// <param name="slot">The last that matters.</param>
    private static IReadOnlyList<StateTrace> Of(ExperimentSpec spec, long slot) =>
        Known.GetOrAdd(SpecReader.Write(spec with { Dataset = "" }), _ => new(() => new ReferenceTraces(spec))).Value.UpTo(slot);

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
