using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Chaos.Recovery;

/// <summary>What the disturbed runs are held against: the same spec on the sequential trainer, in this process.</summary>
/// <param name="Events">What it measured, and its state's trace at every periodic checkpoint.</param>
internal sealed record Undisturbed(ExperimentSpec Spec, string StateHash, IReadOnlyList<RunEvent> Events)
{
    private const int CheckpointEverySlots = 100;
    private const int TrainImages = 2000;
    private const int TestImages = 100;
    private const int Epochs = 200; // of 100 slots and a test: some twenty to thirty seconds on three silos

    /// <param name="folder">Where the data set is written.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task<Undisturbed> Run(string folder, CancellationToken cancellation)
    {
        TinyIdx.Write(folder, TrainImages, TestImages);
        LibTorch.EnsureLoaded();
        var spec = new ExperimentSpec
        {
            Dataset = folder,
            Layers = [32, 64, 32],
            BatchSize = 20,
            Epochs = Epochs,
            Precision = Precision.Fp32,
            Checkpoint = new CheckpointSpec { EverySlots = CheckpointEverySlots },
        };
        var data = new DataSets(DataSets.DefaultCacheFolder).Open(folder, ct: cancellation);
        return Task.Factory.StartNew(
            () => Run(spec, data, cancellation),
            cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    private static Undisturbed Run(ExperimentSpec spec, DataSet data, CancellationToken cancellation)
    {
        var events = new List<RunEvent>();
        using var trainer = new SequentialTrainer(spec, data, new WorkerPool(Environment.ProcessorCount));
        trainer.LayerMeasured += measured => events.Add(new RunEvent(events.Count, 0, measured, null, null));
        trainer.Evaluated += evaluation => events.Add(new RunEvent(events.Count, 0, null, null, evaluation));
        trainer.SlotDone += slot =>
        {
            if (StateTraces.After(trainer, slot) is { } trace)
            {
                events.Add(new RunEvent(events.Count, 0, null, null, null, trace));
            }
        };
        return new Undisturbed(spec, trainer.Run(cancellation).Hash, events);
    }
}
