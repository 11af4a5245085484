using ForwardForward.Chaos.Clusters;
using ForwardForward.Chaos.Networks;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Benchmarks.Scaling;

/// <summary>
/// The same run on one silo process on one core and on several, on a core each, in turns, so that what else the machine does meets all of
/// them alike.
/// </summary>
/// <param name="spec">With its precision resolved.</param>
/// <param name="costs">Seconds of a training slot in each layer.</param>
/// <param name="turns">Runs of each, of which the fastest counts.</param>
/// <param name="report">Hears what is being done.</param>
public sealed class ProcessScaling(ExperimentSpec spec, IReadOnlyList<double> costs, int turns, Action<string> report)
{
    /// <exception cref="InvalidInputException">No Redis, no Valkey or no taskset is installed.</exception>
    public async Task<IReadOnlyList<ScalingResult>> Run(int mostSilos, CancellationToken cancellation)
    {
        var clusters = new List<Measured>();
        try
        {
            for (var silos = 1; silos <= mostSilos; silos = Math.Min(2 * silos, Math.Max(silos + 1, mostSilos)))
            {
                clusters.Add(await Measured.Start(silos, cancellation));
            }

            for (var turn = 1; turn <= turns; turn++)
            {
                foreach (var cluster in clusters)
                {
                    report($"{cluster.Silos} silo{(cluster.Silos == 1 ? "" : "s")} on a core each, turn {turn} of {turns}");
                    cluster.Runs.Add(await cluster.Train(spec, $"turn-{turn}", cancellation));
                }
            }
        }
        finally
        {
            foreach (var cluster in clusters)
            {
                await cluster.DisposeAsync();
            }
        }

        RequireEqual([.. clusters.SelectMany(cluster => cluster.Runs).Select(run => run.StateHash!).Distinct()]);
        var alone = clusters[0].Fastest.Seconds;
        return
        [
            .. clusters.Select(cluster =>
                ScalingResult.Of(cluster.Silos, alone / cluster.Fastest.Seconds, Bound(cluster.Fastest), simulated: false)
            ),
        ];
    }

    private double Bound(RunStatus run) =>
        costs.Sum() / run.Plan.Zip(costs).GroupBy(layer => layer.First.Silo).Max(silo => silo.Sum(layer => layer.Second));

    private static void RequireEqual(IReadOnlyList<string> hashes)
    {
        if (hashes.Count > 1)
        {
            throw new InvalidOperationException($"Runs of one spec ended in {string.Join(" and ", hashes)}.");
        }
    }

    private sealed class Measured(int silos, string folder, SupervisedCluster cluster) : IAsyncDisposable
    {
        private readonly PersistentClient _client = new(cluster.Redis);

        public int Silos => silos;

        public List<RunStatus> Runs { get; } = [];

        public RunStatus Fastest => Runs.MinBy(run => run.Seconds)!;

        public static async Task<Measured> Start(int silos, CancellationToken cancellation)
        {
            var folder = Directory.CreateTempSubdirectory("forwardforward-scaling-").FullName;
            try
            {
                var cluster = await SupervisedCluster.Start(new LoopbackNetwork(pins: true), folder, silos, cancellation);
                return new Measured(silos, folder, cluster);
            }
            catch
            {
                Directory.Delete(folder, recursive: true);
                throw;
            }
        }

        public async Task<RunStatus> Train(ExperimentSpec spec, string run, CancellationToken cancellation)
        {
            var status = await _client.Ask(grains => grains.GetGrain<IExperimentGrain>(run).Start(new RunRequest(spec)), cancellation);
            while (!status.IsOver)
            {
                status = (await _client.Ask(grains => grains.GetGrain<IExperimentGrain>(run).Watch(long.MaxValue), cancellation)).Status;
            }

            return status.State == RunState.Done ? status : throw new InvalidOperationException(status.Error);
        }

        public async ValueTask DisposeAsync()
        {
            await _client.DisposeAsync();
            await cluster.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
