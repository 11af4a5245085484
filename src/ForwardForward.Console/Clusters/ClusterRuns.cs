using System.Diagnostics;
using ForwardForward.Client;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Clusters;

/// <summary>What ran and runs on a cluster.</summary>
internal sealed class ClusterRuns(ClusterConnection cluster)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxTries = TimeSpan.FromSeconds(60);

    public Task<IReadOnlyList<string>> Names() => cluster.Grains.GetGrain<IRunIndexGrain>(IRunIndexGrain.Key).Names();

    /// <summary>The runs that were started last. Those that are over are answered from the index, and none of them is brought up.</summary>
    /// <param name="most">How many; null: all.</param>
    public async Task<(IReadOnlyList<RunStatus> Newest, IReadOnlyList<string> Names)> Newest(int? most)
    {
        var all = await cluster.Grains.GetGrain<IRunIndexGrain>(IRunIndexGrain.Key).List();
        var newest = all.TakeLast(most ?? all.Count).ToList();
        var shelves = newest.Select(run => run.Shelf).OfType<int>().Distinct();
        var kept = await Task.WhenAll(shelves.Select(shelf => cluster.Grains.GetGrain<IRunShelfGrain>(shelf).Statuses()));
        var over = kept.SelectMany(statuses => statuses).ToDictionary(status => status.Run);
        var found = await Task.WhenAll(
            newest.Select(run => over.TryGetValue(run.Run, out var status) ? Task.FromResult<RunStatus?>(status) : Find(run.Run))
        );
        return ([.. found.OfType<RunStatus>()], [.. all.Select(run => run.Run)]);
    }

    /// <summary>A run as the cluster tells it.</summary>
    /// <param name="folder">Where its files are kept; null: nowhere.</param>
    public RunSummary Told(RunStatus status, string? folder) => Summary.AsTold(Progress(status, folder));

    /// <summary>How a run stands, and all that was measured in it so far.</summary>
    public async Task<(RunStatus Status, IReadOnlyList<RunEvent> Events)> Course(string run)
    {
        var now = await LostSilo.Outlast(cluster, () => Experiment(run).Watch(0));
        return (now.Status, now.Events);
    }

    public async Task<RunSummary> Pause(string run)
    {
        await Status(run);
        return Summary.AsTold(Progress(await Experiment(run).Pause()));
    }

    public async Task<RunSummary> Resume(string run)
    {
        await Status(run);
        return Summary.AsTold(Progress(await Experiment(run).Resume()));
    }

    /// <summary>Follows a run to its end.</summary>
    /// <param name="folder">Where its files are kept; null: nowhere.</param>
    /// <param name="view">Shows it.</param>
    /// <exception cref="OperationCanceledException">Whoever watched has had enough; the run goes on.</exception>
    public async Task<RunSummary> Watch(string run, RunFolder? folder, Func<RunProgress, IRunView> view, CancellationToken cancellation)
    {
        var progress = Progress(await Status(run), folder?.Location);
        folder?.Tell(Summary.Bulletin(progress), isLast: true); // from now on the folder says whose it is
        try
        {
            await view(progress)
                .During(show =>
                    RunWatch.Follow(
                        next => LostSilo.Outlast(cluster, () => Experiment(run).Watch(next)),
                        news => Keep(news, show),
                        cancellation
                    )
                );
        }
        catch
        {
            folder?.Tell(Summary.Bulletin(progress), isLast: true);
            throw;
        }

        var summary = Summary.AsTold(progress);
        return folder?.Finish(summary) ?? summary;

        void Keep(RunUpdate news, Action<RunUpdate> show)
        {
            folder?.Append(news);
            progress.Apply(news);
            if (!news.Status.IsOver)
            {
                folder?.Tell(Summary.Bulletin(progress));
            }

            show(news);
        }
    }

    /// <summary>What a run learns from: its spec, and the pixels of an image.</summary>
    /// <exception cref="InvalidInputException">There is no such run, or it has not begun.</exception>
    public async Task<(ExperimentSpec Spec, int Pixels)> Takes(string run) =>
        await Status(run) is { Data: { } data, Spec: var spec }
            ? (spec, data.Pixels)
            : throw new InvalidInputException($"The run '{run}' has not begun, expected one that has learned something.");

    /// <summary>Asks a run what images show, whether it still trains or not.</summary>
    /// <exception cref="InvalidInputException">It has no checkpoint yet and does not train now.</exception>
    public Task<PredictionResult> Predict(string run, byte[] pixels) => LostSilo.Outlast(cluster, () => Experiment(run).Predict(pixels));

    /// <summary>Teaches a run that trains; sent again with the same id where the run is just being taken up.</summary>
    /// <exception cref="InvalidInputException">It does not train, or cannot learn from such a picture.</exception>
    public Task<LessonReceipt> Teach(string run, Lesson lesson) =>
        Patiently(() => LostSilo.Outlast(cluster, () => Experiment(run).Teach(lesson)));

    /// <summary>Shows what was taught no more.</summary>
    /// <exception cref="InvalidInputException">There is no such lesson, or the run does not train.</exception>
    public Task<LessonReceipt> TakeBack(string run, string lesson) =>
        Patiently(() => LostSilo.Outlast(cluster, () => Experiment(run).TakeBack(lesson)));

    /// <summary>All that was taught, in the order in which it was taken.</summary>
    public async Task<IReadOnlyList<Lesson>> Lessons(string run)
    {
        var all = new List<Lesson>();
        while (await LostSilo.Outlast(cluster, () => Experiment(run).Lessons(all.Count)) is { Count: > 0 } more)
        {
            all.AddRange(more);
        }

        return all;
    }

    private static async Task<LessonReceipt> Patiently(Func<Task<LessonReceipt>> ask)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(BetweenTries))
        {
            try
            {
                return await ask();
            }
            catch (BusyException) when (waited.Elapsed < MaxTries)
            {
                // a recovery
            }
        }
    }

    private RunProgress Progress(RunStatus status, string? folder = null) =>
        new(status, status.Plan.Select(place => place.Endpoint).Distinct().Count(), folder) { Where = cluster.Address };

    private IExperimentGrain Experiment(string run) => cluster.Grains.GetGrain<IExperimentGrain>(RunName.Check(run));

    private async Task<RunStatus> Status(string run)
    {
        if (await Find(run) is { } status)
        {
            return status;
        }

        throw new InvalidInputException(
            $"There is no run '{run}' on the cluster at {cluster.Address}{Suggestion.Ending(run, await Names())}"
        );
    }

    /// <returns>Null where there is no such run.</returns>
    public async Task<RunStatus?> Find(string run)
    {
        if (!RunName.IsValid(run))
        {
            return null; // a folder
        }

        try
        {
            return await LostSilo.Outlast(cluster, Experiment(run).Status);
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }
}
