using ForwardForward.Client;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Streams;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Runtime.Experiments;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Streams;
using ForwardForward.Silo.Live;
using Microsoft.Extensions.DependencyInjection;

namespace ForwardForward.Console.Training;

/// <summary>Runs an experiment on silos inside this process.</summary>
/// <param name="measuresRate">
/// Whether its metrics say what share of the matrix rate it uses, which takes a moment before the first slot.
/// </param>
/// <param name="silence">Says what goes on before the first slot; null: nothing does.</param>
/// <param name="beside">What it shares with other runs of this process; null: it is the only one.</param>
/// <param name="live">A page that shows the run, and ends with it; null: there is none.</param>
/// <param name="stream">What it learns from; null: its data set.</param>
internal sealed class GrainRunner(
    int silos,
    bool measuresRate = false,
    Silence? silence = null,
    SideBySide? beside = null,
    LiveServer? live = null,
    RunStream? stream = null
) : IRunner
{
    private static readonly TimeSpan MaxRest = TimeSpan.FromSeconds(15);
    private static readonly SemaphoreSlim OneStart = new(1); // two at once could be told of the same free port

    public int Silos => silos;

    public async Task<RunStatus> Run(
        string run,
        string folder,
        RunRequest request,
        Action<RunUpdate> update,
        CancellationToken cancellation
    )
    {
        // Starting takes a second, and a silo that is stopped half-way logs errors: it is left to finish.
        using var journal = stream?.File(folder);
        await using var cluster = await Start(folder, journal);
        await using var page = live; // closed before the silos that it asks
        cancellation.ThrowIfCancellationRequested();
        var experiment = cluster.Grains.GetGrain<IExperimentGrain>(run);
        try
        {
            using (silence?.During("Placing the layers and measuring how fast the machine is for them."))
            {
                await experiment.Start(request).WaitAsync(cancellation);
            }

            live?.Open(cluster.Grains, cluster.Data);
            using var feed = stream?.Feed(experiment.Feed, cancellation);

            return await RunWatch.Follow(
                next => LostSilo.Outlast("The silos in this process have not answered for a minute.", () => experiment.Watch(next)),
                update,
                cancellation
            ); // all of it may have been held still for hours
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            var rested = await Rest(experiment);
            update(new RunUpdate(rested, []));
            if (rested.State == RunState.Done)
            {
                return rested;
            }

            throw;
        }
    }

    private async Task<EmbeddedCluster> Start(string folder, IStreamFile? journal)
    {
        using var _ = silence?.During($"Starting {Texts.Silos(silos)} in this process.");
        await OneStart.WaitAsync();
        try
        {
            return await EmbeddedCluster.Start(
                silos,
                DataSets.DefaultCacheFolder,
                Path.Combine(folder, RunFolder.Checkpoints),
                measuresRate: measuresRate,
                also: silo =>
                {
                    silo.Services.AddSingleton<ILessonFile>(new LessonFile(folder));
                    if (journal is not null)
                    {
                        silo.Services.AddSingleton(journal);
                    }

                    beside?.AddTo(silo.Services);
                },
                cancellation: CancellationToken.None
            );
        }
        finally
        {
            OneStart.Release();
        }
    }

    // At a checkpoint if it can be had, so that whoever resumes the run does nothing twice.
    private static async Task<RunStatus> Rest(IExperimentGrain experiment)
    {
        try
        {
            return await experiment.Pause().WaitAsync(MaxRest);
        }
        catch (Exception)
        {
            await experiment.Cancel(); // before its first slot, or on a disk that takes no more
            return await experiment.Status();
        }
    }
}
