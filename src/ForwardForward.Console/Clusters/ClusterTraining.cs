using ForwardForward.Client;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Streams;
using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Clusters;

/// <summary>Starts a run on a cluster, and watches it from here unless that is not wanted.</summary>
internal sealed class ClusterTraining(TrainRequest request, ClusterConnection cluster)
{
    /// <summary>Starts the run and leaves it to the cluster.</summary>
    /// <exception cref="InvalidInputException">
    /// The request or its spec cannot be used, or the data on the silo; nothing is left behind.
    /// </exception>
    public Task<RunStatus> Start(CancellationToken cancellation) => Start(keepsFiles: false, _ => { }, cancellation);

    /// <summary>Starts the run and follows it to its end.</summary>
    /// <param name="named">Takes the run's name before it starts.</param>
    /// <param name="view">Shows it.</param>
    /// <param name="cancellation">Ends the watching.</param>
    /// <exception cref="OperationCanceledException">Whoever watched has had enough; the run goes on.</exception>
    public async Task<RunSummary> Run(Action<string> named, Func<RunProgress, IRunView> view, CancellationToken cancellation)
    {
        if (FolderOf(request.Name) is { } given)
        {
            RunFolder.RequireUnused(given);
        }

        var feed = request.Stream is { } stream ? StreamFeed.Of(stream) : null;
        var status = await Start(keepsFiles: true, named, cancellation);
        using var folder = RunFolder.Claim(FolderOf(status.Run)!, status.Spec);
        using var examples = status is { Spec.Stream: true, Data: { } data }
            ? new RunStream(status.Spec, data.Pixels, data.Classes, feed)
            : null;
        var experiment = cluster.Grains.GetGrain<IExperimentGrain>(status.Run);
        using var feeding = examples?.Feed(post => LostSilo.Outlast(cluster, () => experiment.Feed(post)), cancellation);
        var summary = await new ClusterRuns(cluster).Watch(status.Run, folder, view, cancellation);
        return summary with { StreamRefusal = feed?.Refusal };
    }

    private async Task<RunStatus> Start(bool keepsFiles, Action<string> named, CancellationToken cancellation)
    {
        var choice = SpecChoice.Of(request);
        SpecReader.Validate(choice.Spec, choice.Title);
        RunStream.Require(choice.Spec, request);
        var lessons = request.Journal is { } journal ? LessonFile.Read(journal) : [];
        while (true)
        {
            var run = request.Name is { } given ? FreeHere(RunName.Check(given), keepsFiles) : await FreeName(RunName.From(choice.Title));
            named(run);
            try
            {
                return await cluster
                    .Grains.GetGrain<IExperimentGrain>(run)
                    .Start(new RunRequest(choice.Spec, choice.Preset) { Lessons = lessons })
                    .WaitAsync(cancellation);
            }
            catch (RunExistsException) when (request.Name is null)
            {
                // Another client was faster.
            }
        }
    }

    // Where its files are to be in ./runs, a folder that is there was refused already.
    private string FreeHere(string name, bool keepsFiles) =>
        (!keepsFiles || request.Out is not null) && IsOfHere(name)
            ? throw new InvalidInputException($"There is a run named '{name}' in {RunFolder.Runs} already: choose another --name.")
            : name;

    private async Task<string> FreeName(string prefix)
    {
        var taken = (await new ClusterRuns(cluster).Names()).ToHashSet();
        return Enumerable
            .Range(1, int.MaxValue)
            .Select(number => $"{prefix}-{number}")
            .First(name => !taken.Contains(name) && !Path.Exists(Path.Combine(RunFolder.Runs, name)));
    }

    private static bool IsOfHere(string name) => File.Exists(Path.Combine(RunFolder.Runs, name, RunFolder.SpecFile));

    private string? FolderOf(string? run) =>
        (request.Out, run) switch
        {
            ({ } given, _) => Path.TrimEndingDirectorySeparator(given),
            (null, { } name) => Path.Combine(RunFolder.Runs, name),
            _ => null,
        };
}
