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
    /// <summary>The last started first.</summary>
    public async Task<IReadOnlyList<RunSummary>> All()
    {
        var names = await cluster.Grains.GetGrain<IRunIndexGrain>(IRunIndexGrain.Key).Names();
        var found = await Task.WhenAll(names.Reverse().Select(Find));
        return [.. found.OfType<RunStatus>().Select(status => Summary.AsTold(Progress(status)))];
    }

    /// <exception cref="InvalidInputException">There is no such run.</exception>
    public async Task<RunSummary> Show(string run) => Summary.AsTold(Progress(await Status(run)));

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
        await view(progress).During(show => RunWatch.Follow(next => LostSilo.Outlast(cluster, () => Experiment(run).Watch(next)), news => Keep(news, show), cancellation));
        var summary = Summary.AsTold(progress);
        return folder?.Finish(summary) ?? summary;

        void Keep(RunUpdate news, Action<RunUpdate> show)
        {
            folder?.Append(news);
            progress.Apply(news);
            show(news);
        }
    }

    /// <summary>What a run learns from: its spec, and the pixels of an image.</summary>
    /// <exception cref="InvalidInputException">There is no such run, or it has not begun.</exception>
    public async Task<(ExperimentSpec Spec, int Pixels)> Takes(string run) => await Status(run) is { Data: { } data, Spec: var spec }
        ? (spec, data.Pixels)
        : throw new InvalidInputException($"The run '{run}' has not begun, expected one that has learned something.");

    /// <summary>Asks a run what images show, whether it still trains or not.</summary>
    /// <exception cref="InvalidInputException">It has no checkpoint yet and does not train now.</exception>
    public Task<RunAnswer> Predict(string run, byte[] pixels) => LostSilo.Outlast(cluster, () => Experiment(run).Predict(pixels));

    private static RunProgress Progress(RunStatus status, string? folder = null) => new(status, status.Plan.Select(place => place.Endpoint).Distinct().Count(), folder);

    private IExperimentGrain Experiment(string run) => cluster.Grains.GetGrain<IExperimentGrain>(RunName.Check(run));

    private async Task<RunStatus> Status(string run)
    {
        if (await Find(run) is { } status)
        {
            return status;
        }

        var names = await cluster.Grains.GetGrain<IRunIndexGrain>(IRunIndexGrain.Key).Names();
        throw new InvalidInputException($"There is no run '{run}' on the cluster at {cluster.Address}{Suggestion.Ending(run, names)}");
    }

    private async Task<RunStatus?> Find(string run)
    {
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
