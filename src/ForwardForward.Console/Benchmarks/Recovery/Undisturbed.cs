using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Benchmarks.Recovery;

/// <summary>What the disturbed runs are held against: the same spec on the sequential trainer, in this process.</summary>
internal sealed record Undisturbed(ExperimentSpec Spec, string StateHash, IReadOnlyList<RunEvent> Events)
{
    public const int CheckpointEverySlots = 100;
    private const int Epochs = 200; // of 100 slots and a test: some twenty to thirty seconds on three silos

    /// <param name="folder">Where the data set is written.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Undisturbed> Run(string folder, CancellationToken cancellation)
    {
        TinyData.Write(folder);
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
        var data = new DataSets(DataSets.DefaultCacheFolder).Open(folder, _ => { }, cancellation);
        var events = new List<RunEvent>();
        var status = await new ReferenceRunner(data).Run("reference", folder, new RunRequest(spec), update => events.AddRange(update.Events), cancellation);
        return new Undisturbed(spec, status.StateHash ?? throw new InvalidOperationException($"The reference failed: {status.Error}"), events);
    }
}
