using ForwardForward.Console.Benchmarks.Recovery;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Hosting;

namespace ForwardForward.Console.Benchmarks.Scaling;

/// <summary>
/// Real silos, grains, messages and credits over TCP inside this process, with a balanced stage on every silo that waits instead of computing: what the pipeline itself loses, for more silos than
/// this machine has cores.
/// </summary>
/// <param name="cost">Of a slot in a stage.</param>
/// <param name="slots">Training slots of a run; filling the pipeline is a part of its time.</param>
internal sealed class SimulatedScaling(TimeSpan cost, int slots)
{
    private const int Batch = 1, Units = 64; // as many as the pictures have pixels: a placement goes by widths, and all are to be alike

    public async Task<ScalingResult> Run(int silos, CancellationToken cancellation)
    {
        LibTorch.EnsureLoaded();
        var folder = Directory.CreateTempSubdirectory("forwardforward-scaling-").FullName;
        try
        {
            TinyData.Write(folder);
            var spec = Spec(folder, silos);
            var status = await Train(spec, silos, folder, cancellation);
            var data = status.Data!;
            var plan = new SlotPlan(spec, data.TrainImages, data.TestImages, data.Classes);
            var busy = Enumerable.Range(0, (int)plan.SlotCount).Count(slot => plan[slot].Layout.Total > 0) * cost.TotalSeconds;
            return ScalingResult.Of(silos, silos * busy / status.Seconds, silos, simulated: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The readout hears of the last layer alone, as if it were one more stage.
    private ExperimentSpec Spec(string data, int silos) => new()
    {
        Dataset = data,
        TrainImages = slots * Batch,
        TestImages = 1,
        Layers = [.. Enumerable.Repeat(Units, silos)],
        Epochs = 1,
        BatchSize = Batch,
        Precision = Precision.Fp32,
        Negatives = new NegativesSpec { Lag = 2 * silos },
        Readout = new ReadoutSpec { FirstLayer = silos },
        Evaluation = new EvaluationSpec { FastEvery = 0, GoodnessEvery = 0 },
        Checkpoint = new CheckpointSpec { EverySlots = 0 },
    };

    private async Task<RunStatus> Train(ExperimentSpec spec, int silos, string folder, CancellationToken cancellation)
    {
        await using var cluster = await EmbeddedCluster.Start(silos, DataSets.DefaultCacheFolder, folder, layers: new TimedLayers(cost), cancellation: CancellationToken.None);
        var run = cluster.Grains.GetGrain<IExperimentGrain>("simulated");
        var status = await run.Start(new RunRequest(spec)).WaitAsync(cancellation);
        while (!status.IsOver)
        {
            status = (await run.Watch(long.MaxValue).WaitAsync(cancellation)).Status;
        }

        return status.State == RunState.Done && status.Plan.Select(place => place.Silo).Distinct().Count() == silos
            ? status
            : throw new InvalidOperationException(status.Error ?? $"The run was placed on {status.Plan.Select(place => place.Silo).Distinct().Count()} of {silos} silos.");
    }
}
