using ForwardForward.Console.Benchmarks.Recovery;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Benchmarks.Scaling;

/// <summary>The same run on one silo process on one core, then on several, on a core each.</summary>
/// <param name="spec">With its precision resolved.</param>
/// <param name="costs">Seconds of a training slot in each layer.</param>
/// <param name="turns">Runs of each, of which the fastest counts.</param>
/// <param name="report">Hears what is being done.</param>
internal sealed class ProcessScaling(ExperimentSpec spec, IReadOnlyList<double> costs, int turns, Action<string> report)
{
    /// <exception cref="InvalidInputException">redis-server or taskset is not installed.</exception>
    public async Task<IReadOnlyList<ScalingResult>> Run(int mostSilos, CancellationToken cancellation)
    {
        var results = new List<ScalingResult>();
        double alone = 0;
        for (var silos = 1; silos <= mostSilos; silos = Math.Min(2 * silos, Math.Max(silos + 1, mostSilos)))
        {
            var (seconds, bound) = await Fastest(silos, cancellation);
            alone = silos == 1 ? seconds : alone;
            results.Add(ScalingResult.Of(silos, alone / seconds, bound, simulated: false));
        }

        return results;
    }

    private async Task<(double Seconds, double Bound)> Fastest(int silos, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("forwardforward-scaling-").FullName;
        try
        {
            await using var cluster = await ChaoticCluster.Start(new LoopbackNetwork(pins: true), folder, silos, cancellation);
            await using var client = new PersistentClient(cluster.Redis);
            var (fastest, bound, hash) = (double.MaxValue, 0.0, "");
            for (var turn = 1; turn <= turns; turn++)
            {
                report($"{silos} silo{(silos == 1 ? "" : "s")} on a core each, turn {turn} of {turns}");
                var done = await Train(client, $"turn-{turn}", cancellation);
                fastest = Math.Min(fastest, done.Seconds);
                bound = costs.Sum() / done.Plan.Zip(costs).GroupBy(layer => layer.First.Silo).Max(silo => silo.Sum(layer => layer.Second));
                hash = hash.Length == 0 || hash == done.StateHash ? done.StateHash! : throw new InvalidOperationException($"Two runs of one spec ended in {hash} and {done.StateHash}.");
            }

            return (fastest, bound);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<RunStatus> Train(PersistentClient client, string run, CancellationToken cancellation)
    {
        var status = await client.Ask(grains => grains.GetGrain<IExperimentGrain>(run).Start(new RunRequest(spec)), cancellation);
        while (!status.IsOver)
        {
            status = (await client.Ask(grains => grains.GetGrain<IExperimentGrain>(run).Watch(long.MaxValue), cancellation)).Status;
        }

        return status.State == RunState.Done ? status : throw new InvalidOperationException(status.Error);
    }
}
