using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Hosting;

namespace ForwardForward.Chaos.Recovery;

/// <summary>What checkpoints cost a run.</summary>
/// <param name="EverySlots">Between two checkpoints.</param>
/// <param name="MillisecondsPerSlot">Without checkpoints, the median over the turns.</param>
/// <param name="Cost">Share of the time that checkpoints add, the median over pairs of turns.</param>
public sealed record CheckpointCostResult(int EverySlots, double MillisecondsPerSlot, double Cost);

/// <summary>
/// The published network on MNIST with and without checkpoints, in turns, on one silo in this process and every core. A pair of runs one
/// after the other is disturbed alike by whatever else the machine does.
/// </summary>
/// <param name="pairs">Of runs.</param>
/// <param name="report">Hears what is being done.</param>
internal sealed class CheckpointCost(int pairs, Action<string> report)
{
    private const int EverySlots = 100;
    private static readonly ExperimentSpec Spec = Presets.Get("supervised") with { Epochs = 1, TestImages = 300 };

    public async Task<CheckpointCostResult> Measure(CancellationToken cancellation)
    {
        var (without, costs) = (new List<double>(), new List<double>());
        await Run(0, cancellation); // warms up
        for (var pair = 0; pair < pairs; pair++)
        {
            report($"checkpoint cost, pair {pair + 1} of {pairs}");
            var (first, second) = (
                await Run(pair % 2 == 0 ? 0 : EverySlots, cancellation),
                await Run(pair % 2 == 0 ? EverySlots : 0, cancellation)
            );
            var (bare, kept) = pair % 2 == 0 ? (first, second) : (second, first);
            without.Add(bare);
            costs.Add((kept / bare) - 1);
        }

        return new CheckpointCostResult(EverySlots, 1000 * Median(without), Median(costs));
    }

    /// <returns>Seconds per slot.</returns>
    private static async Task<double> Run(int everySlots, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("forwardforward-checkpoints-").FullName;
        try
        {
            await using var cluster = await EmbeddedCluster.Start(
                1,
                DataSets.DefaultCacheFolder,
                folder,
                cancellation: CancellationToken.None
            );
            var run = cluster.Grains.GetGrain<IExperimentGrain>("cost");
            var status = await run.Start(new RunRequest(Spec with { Checkpoint = new CheckpointSpec { EverySlots = everySlots } }))
                .WaitAsync(cancellation);
            while (!status.IsOver)
            {
                status = (await run.Watch(long.MaxValue).WaitAsync(cancellation)).Status;
            }

            return status.State == RunState.Done ? status.Seconds / status.Slots : throw new InvalidOperationException(status.Error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
