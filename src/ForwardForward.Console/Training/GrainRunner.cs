using ForwardForward.Console.Runs;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Data;
using ForwardForward.Runtime.Hosting;

namespace ForwardForward.Console.Training;

/// <summary>Runs an experiment on silos inside this process.</summary>
internal sealed class GrainRunner(int silos) : IRunner
{
    public int Silos => silos;

    public async Task<RunStatus> Run(string run, string folder, RunRequest request, Action<RunUpdate> update, CancellationToken cancellation)
    {
        // Starting takes a second, and a silo that is stopped half-way logs errors: it is left to finish.
        await using var cluster = await EmbeddedCluster.Start(silos, DataSets.DefaultCacheFolder, Path.Combine(folder, RunFolder.Checkpoints), CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        var experiment = cluster.Grains.GetGrain<IExperimentGrain>(run);
        try
        {
            await experiment.Start(request).WaitAsync(cancellation);
            return await RunWatch.Follow(experiment.Watch, update, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await experiment.Cancel();
            throw;
        }
    }
}
