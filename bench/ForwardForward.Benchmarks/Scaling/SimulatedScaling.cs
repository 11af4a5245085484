using ForwardForward.Chaos;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Hosting;

namespace ForwardForward.Benchmarks.Scaling;

/// <summary>
/// Real silos, grains, messages and credits over TCP inside this process, with stages that wait instead of computing: what the pipeline
/// itself loses, for more silos than this machine has cores.
/// </summary>
/// <param name="cost">Of a slot in a stage.</param>
/// <param name="slots">Training slots of a run; filling the pipeline is a part of its time.</param>
public sealed class SimulatedScaling(TimeSpan cost, int slots)
{
    private const int MaxImages = 2000;

    /// <param name="network">Has a stage for every silo, or more.</param>
    public async Task<ScalingResult> Run(SimulatedNetwork network, int silos, CancellationToken cancellation)
    {
        LibTorch.EnsureLoaded();
        var folder = Directory.CreateTempSubdirectory("forwardforward-scaling-").FullName;
        try
        {
            TinyIdx.Write(folder, MaxImages, side: network.Side);
            var spec = Spec(folder, network);
            var status = await Train(spec, network, silos, folder, cancellation);
            var data = status.Data!;
            var plan = new SlotPlan(spec, data.TrainImages, data.TestImages, data.Classes);
            var slots = Enumerable.Range(0, (int)plan.SlotCount).Count(slot => plan[slot].Layout.Total > 0);
            var costs = plan
                .Recipe.Network.Costs(data.Pixels, data.Classes)
                .Select(one => cost.TotalSeconds * one / network.Multiplications)
                .ToList();
            var slowest = status.Plan.Zip(costs).GroupBy(stage => stage.First.Silo).Max(silo => silo.Sum(stage => stage.Second));
            return ScalingResult.Of(silos, costs.Sum() * slots / status.Seconds, costs.Sum() / slowest, simulated: true) with
            {
                Layers = network.Name,
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The readout hears of the last layer alone, as if it were one more stage.
    private ExperimentSpec Spec(string data, SimulatedNetwork network) =>
        new()
        {
            Dataset = data,
            TrainImages = slots * network.Batch,
            TestImages = network.Batch,
            Layers = network.Layers,
            Shards = network.Shards,
            Replicas = network.Replicas,
            Convolutions = network.Convolutions,
            Epochs = 1,
            BatchSize = network.Batch,
            Precision = Precision.Fp32,
            Negatives = new NegativesSpec { Lag = 2 * network.Layers.Count },
            Readout = new ReadoutSpec { FirstLayer = network.Layers.Count, Input = Input(network) },
            Evaluation = new EvaluationSpec { FastEvery = 0, GoodnessEvery = 0 },
            Checkpoint = new CheckpointSpec { EverySlots = 0 },
        };

    // Timed layers have no goodness of classes that a convolutional network's readout could add up.
    private static string Input(SimulatedNetwork network) =>
        network.Convolutions.Count > 0 ? ReadoutInputs.Activity : new ReadoutSpec().Input;

    private async Task<RunStatus> Train(
        ExperimentSpec spec,
        SimulatedNetwork network,
        int silos,
        string folder,
        CancellationToken cancellation
    )
    {
        await using var cluster = await EmbeddedCluster.Start(
            silos,
            DataSets.DefaultCacheFolder,
            folder,
            layers: () => new TimedLayers(cost, network.Multiplications),
            cancellation: CancellationToken.None
        );
        var run = cluster.Grains.GetGrain<IExperimentGrain>("simulated");
        var status = await run.Start(new RunRequest(spec)).WaitAsync(cancellation);
        while (!status.IsOver)
        {
            status = (await run.Watch(long.MaxValue).WaitAsync(cancellation)).Status;
        }

        return status.State == RunState.Done ? status : throw new InvalidOperationException(status.Error);
    }
}
