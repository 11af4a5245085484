using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Streams;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Silo;
using ForwardForward.Silo.Live;

namespace ForwardForward.Console.Training;

/// <summary>Takes one request from its first check to its summary.</summary>
/// <param name="request">What is asked for.</param>
/// <param name="report">Takes a line per step of a download.</param>
/// <param name="view">Makes what shows the run.</param>
/// <param name="silence">Says what goes on before there is a run to show; null: nothing does.</param>
/// <param name="taken">Asks for names that are not free; null: all are.</param>
/// <param name="beside">What it shares with other runs of this process; null: it is the only one.</param>
internal sealed class TrainingRun(
    TrainRequest request,
    Action<string> report,
    Func<RunProgress, IRunView> view,
    Silence? silence = null,
    Func<Task<TakenNames>>? taken = null,
    SideBySide? beside = null
)
{
    private readonly DataSets _sets = beside?.Data ?? new DataSets(DataSets.DefaultCacheFolder);

    /// <exception cref="InvalidInputException">The request, its spec or its data cannot be used; nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">Before the run had begun.</exception>
    public async Task<RunSummary> Run(CancellationToken cancellation)
    {
        CheckRequest();
        var feed = request.Stream is { } given ? StreamFeed.Of(given) : null;
        var others = request.Out is null && taken is not null ? Task.Run(taken, CancellationToken.None) : Task.FromResult(TakenNames.None);
        var choice = SpecChoice.Of(request);
        RunStream.Require(choice.Spec, request);
        var lessons = request.Journal is { } journal ? LessonFile.Read(journal) : [];
        var experiment = Experiment.Open(choice, _sets, report, silence, cancellation);
        InitialWeights.Check(experiment.Spec, experiment.Data.Train.PixelsPerImage, experiment.Data.Classes);
        InitialState.Check(experiment.Spec, experiment.Data);
        await using var metrics = request.MetricsPort is { } port ? await MetricsPage.Start(port) : null;
        await using var live = NeedsServer ? await LiveServer.Start() : null;
        using var stream = RunStream.Of(experiment, feed);
        IRunner runner = request.Reference
            ? new ReferenceRunner(experiment.Data, stream)
            : new GrainRunner(
                request.Silos,
                measuresRate: metrics is not null,
                silence: silence,
                beside: beside,
                live: live,
                stream: stream
            );
        cancellation.ThrowIfCancellationRequested();
        using var folder = Claim(experiment, await others);
        using var stops = new StopRequests(folder.Location, cancellation);
        var progress = new RunProgress(experiment.Queued(NameOf(folder.Location)), runner.Silos, folder.Location);
        Tell(live, progress);
        var asked = new RunRequest(experiment.Spec, experiment.Choice.Preset) { Lessons = lessons };
        return folder.Finish(Told(await Watched(runner, folder, progress, experiment, asked, stops.Token), stream));
    }

    private static RunSummary Told(RunSummary summary, RunStream? stream) => summary with { StreamRefusal = stream?.Refusal };

    /// <summary>Goes on with a run that was interrupted, from its newest whole checkpoint.</summary>
    /// <param name="earlier">How it stands.</param>
    /// <exception cref="InvalidInputException">
    /// It is done, it is running, or there is no checkpoint to go on from; nothing is changed.
    /// </exception>
    public async Task<RunSummary> GoOn(RunSummary earlier, CancellationToken cancellation)
    {
        RequireOpenable();
        if (earlier.IsDone)
        {
            throw new InvalidInputException($"The run '{earlier.Run}' is done; there is nothing to go on with.");
        }

        using var folder = RunFolder.Reclaim(earlier.Output!);
        var spec = SpecReader.ReadFile(Path.Combine(folder.Location, RunFolder.SpecFile));
        var experiment = Experiment.Open(new SpecChoice(earlier.Preset, earlier.Run, spec), _sets, report, silence, cancellation);
        if (request.Stream is not null && !spec.Stream)
        {
            throw new InvalidInputException($"The run '{earlier.Run}' learns from a data set, expected no --stream to go on with it.");
        }

        using var stream = RunStream.Of(experiment, request.Stream is { } given ? StreamFeed.Of(given) : StreamFeed.Nothing);
        await using var live = NeedsServer ? await LiveServer.Start() : null;
        var runner = new GrainRunner(request.Silos, silence: silence, beside: beside, live: live, stream: stream);
        using var stops = new StopRequests(folder.Location, cancellation);
        var progress = new RunProgress(experiment.Queued(earlier.Run), runner.Silos, folder.Location)
        {
            Earlier = earlier.Incidents,
            EarlierKernels = earlier.Kernels ?? [],
            EarlierVersions = earlier.Versions ?? [],
        };
        Tell(live, progress);
        var asked = new RunRequest(experiment.Spec, experiment.Choice.Preset, GoesOn: true) { Lessons = LessonFile.Of(folder.Location) };
        return folder.Finish(Told(await Watched(runner, folder, progress, experiment, asked, stops.Token), stream));
    }

    private bool NeedsServer => request.Live || request.Stream == StreamFeed.Http;

    private void Tell(LiveServer? live, RunProgress progress)
    {
        if (live is null)
        {
            return;
        }

        LiveAddress.Tell(live.Address, request.Open, report);
        if (request.Stream == StreamFeed.Http)
        {
            LiveAddress.TellStream(live.Address, progress.Run, report);
        }
    }

    private void RequireOpenable()
    {
        if (request is { Open: true, Live: false })
        {
            throw new InvalidInputException("--open opens the page of --live, which is not given: expected both.");
        }
    }

    private void CheckRequest()
    {
        if (request is { Reference: true, Silos: > 1 })
        {
            throw new InvalidInputException($"--reference runs without silos, but --silos is {request.Silos}: expected one of the two.");
        }

        if (request is { Reference: true, MetricsPort: not null })
        {
            throw new InvalidInputException("--reference runs without silos, and --metrics shows what silos say: expected one of the two.");
        }

        if (request is { Reference: true, Live: true })
        {
            throw new InvalidInputException("--reference runs without silos, and the page of --live asks them: expected one of the two.");
        }

        if (request is { Stream: { } stream, Journal: not null })
        {
            throw new InvalidInputException($"--journal teaches beside a data set, but --stream {stream} takes its place: expected one.");
        }

        if (request is { Reference: true, Stream: StreamFeed.Http })
        {
            throw new InvalidInputException("--reference runs without silos, and --stream http asks them: expected - or a file.");
        }

        RequireOpenable();

        if (request.Name is { } name)
        {
            RunName.Check(name);
        }

        if (Folder is { } folder)
        {
            RunFolder.RequireUnused(folder);
        }
        else if (File.Exists(RunFolder.Runs))
        {
            throw new InvalidInputException($"The run's folder cannot be written: {RunFolder.Runs} is a file, expected a folder.");
        }
    }

    private string? Folder =>
        (request.Out, request.Name) switch
        {
            ({ } given, _) => Path.TrimEndingDirectorySeparator(given),
            (null, { } name) => Path.Combine(RunFolder.Runs, name),
            _ => null,
        };

    private RunFolder Claim(Experiment experiment, TakenNames others)
    {
        others.RequireFree(request.Name);
        return Folder is { } folder
            ? RunFolder.Claim(folder, experiment.Spec)
            : RunFolder.ClaimNext(RunFolder.Runs, RunName.From(experiment.Choice.Title), experiment.Spec, others.Names);
    }

    private string NameOf(string folder) => request.Name ?? RunName.From(Path.GetFileName(Path.GetFullPath(folder)));

    private double MatrixRate(Experiment experiment) =>
        beside is null ? experiment.MeasureMatrixRate() : beside.MatrixRate(experiment.Products, experiment.MeasureMatrixRate);

    private async Task<RunSummary> Watched(
        IRunner runner,
        RunFolder folder,
        RunProgress progress,
        Experiment experiment,
        RunRequest asked,
        CancellationToken cancellation
    )
    {
        var (isFirst, goesOn) = (true, asked.GoesOn);
        try
        {
            var status = await view(progress)
                .During(show =>
                    runner.Run(
                        progress.Run,
                        folder.Location,
                        asked,
                        news =>
                        {
                            Keep(news);
                            show(news);
                        },
                        cancellation
                    )
                );
            return status.State == RunState.Done
                ? Summary.Done(progress, MatrixRate(experiment))
                : Summary.Failed(progress, status.Error ?? "The run failed.");
        }
        catch (InvalidInputException) when (goesOn)
        {
            throw;
        }
        catch (InvalidInputException)
        {
            folder.Discard();
            throw;
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            return Summary.Interrupted(progress);
        }
        catch (Exception e)
        {
            return Summary.Failed(progress, e.Message);
        }

        void Keep(RunUpdate news)
        {
            if (isFirst && goesOn)
            {
                folder.Restart();
            }

            isFirst = false;
            folder.Append(news);
            progress.Apply(news);
            if (!news.Status.IsOver)
            {
                folder.Tell(Summary.Bulletin(progress));
            }
        }
    }
}
