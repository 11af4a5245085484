using System.CommandLine;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Training;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>Goes on with a run: on a cluster where one is named, else with that of ./runs which has checkpoints of its own.</summary>
internal static class ResumeVerb
{
    private const int MostSilos = 64;
    private static readonly Argument<string> Run = new("RUN") { Description = "Name of a run, or the folder of one that ran here." };
    private static readonly Option<int?> Silos = Options.Whole("--silos", "For a run of ./runs: silos in this process; default: 1.", 1, MostSilos);
    private static readonly ClusterOptions Cluster = new();
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb("resume", "Goes on with a run of a cluster that was stopped, or with one of ./runs that was interrupted or killed.", "./ff resume supervised-1 --cluster 127.0.0.1:30000") { Run, Silos, Cluster.Address, Cluster.Id, Cluster.Tls, AsJson };
        command.SetAction((parsed, interrupted) => parsed.GetValue(Cluster.Address) is null && RunList.WithCheckpoints(parsed.GetRequiredValue(Run)) is { } here
            ? GoOnHere(here, parsed, interrupted)
            : GoOnThere(parsed, interrupted));
        return command;
    }

    private static async Task<int> GoOnThere(ParseResult parsed, CancellationToken interrupted)
    {
        if (parsed.GetValue(Silos) is not null)
        {
            throw new InvalidInputException("--silos is for a run of ./runs, expected none for a run of a cluster: it takes the silos that are there.");
        }

        await using var cluster = await Cluster.Connect(parsed, interrupted);
        WatchVerb.Print(parsed.InvocationConfiguration.Output, await new ClusterRuns(cluster).Resume(parsed.GetRequiredValue(Run)), parsed.GetValue(AsJson));
        return ExitCode.Done;
    }

    private static async Task<int> GoOnHere(RunSummary run, ParseResult parsed, CancellationToken interrupted)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var json = parsed.GetValue(AsJson);
        var people = json ? error : output;
        var request = new TrainRequest { Experiment = run.Run, Silos = parsed.GetValue(Silos) ?? 1 };
        var summary = await new TrainingRun(request, error.WriteLine, progress => RunViews.For(progress, people, plain: json), RunViews.IsPlain(json) ? new Silence(error.WriteLine) : null).GoOn(run, interrupted);
        return TrainVerb.Close(summary, json, output, error);
    }
}
