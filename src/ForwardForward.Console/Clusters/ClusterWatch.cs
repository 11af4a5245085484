using ForwardForward.Contracts.Experiments;
using Orleans.Runtime;

namespace ForwardForward.Console.Clusters;

/// <summary>Watches a run through the loss of a silo: what it asks is asked again until somebody answers.</summary>
internal sealed class ClusterWatch(ClusterConnection cluster, string run)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60), Pace = TimeSpan.FromMilliseconds(500);

    private IExperimentGrain Experiment => cluster.Grains.GetGrain<IExperimentGrain>(run);

    /// <exception cref="ClusterUnreachableException">Nobody answered for a minute.</exception>
    public async Task<RunUpdate> Next(long nextSequence)
    {
        var silence = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await Experiment.Watch(nextSequence);
            }
            catch (Exception e) when (e is TimeoutException or OrleansException or OperationCanceledException)
            {
                if (silence.Elapsed > LongestSilence)
                {
                    throw new ClusterUnreachableException($"The cluster at {cluster.Address} has not answered for a minute; the run '{run}' may go on without this client.", e);
                }
            }

            await Task.Delay(Pace);
        }
    }
}
