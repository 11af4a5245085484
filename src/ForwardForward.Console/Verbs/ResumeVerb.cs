using System.CommandLine;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Training;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>Goes on with a run: on the cluster that has it, else here from its own checkpoints.</summary>
internal static class ResumeVerb
{
    private const int MaxSilos = 64;
    private static readonly Argument<string> Run = new Argument<string>("RUN")
    {
        Description = "Name of a run here or on a cluster, or the folder of one that ran here.",
    }.WithRuns();
    private static readonly Option<int?> Silos = Options.Whole(
        "--silos",
        "For a run of ./runs: silos in this process; default: 1.",
        1,
        MaxSilos
    );
    private static readonly Option<string?> Stream = Options.Text(
        "--stream",
        "-|http|FILE",
        "For a run of ./runs that learns from a stream: what follows its journal; without it, it ends with that."
    );
    private static readonly Option<bool> Live = new("--live") { Description = "For a run of ./runs: a page to draw on, on 127.0.0.1." };
    private static readonly Option<bool> Open = new("--open") { Description = "Open the page of --live in a browser." };
    private static readonly ClusterOptions Cluster = new();
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb(
            "resume",
            "Goes on with a run that was stopped or cut short: one of a cluster, or one of ./runs that was interrupted or killed.",
            "./ff resume supervised-1"
        )
        {
            Run,
            Silos,
            Stream,
            Live,
            Open,
            Cluster.Address,
            Cluster.Id,
            Cluster.Tls,
            AsJson,
        };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                await using var found = await new RunSearch(Cluster, parsed, interrupted).Find(parsed.GetRequiredValue(Run));
                return found.Run.IsOfHere ? await GoOnHere(found.Run, parsed, interrupted) : await GoOnThere(found, parsed);
            }
        );
        return command;
    }

    private static async Task<int> GoOnThere(FoundRun run, ParseResult parsed)
    {
        if (parsed.GetValue(Silos) is not null)
        {
            throw new InvalidInputException(
                "--silos is for a run of ./runs, expected none for a run of a cluster: it takes the silos that are there."
            );
        }

        if (parsed.GetValue(Live) || parsed.GetValue(Open))
        {
            throw new InvalidInputException(
                "--live and --open are for a run of ./runs, expected none for a run of a cluster: its silos have the page at their HTTP "
                    + "ports."
            );
        }

        if (parsed.GetValue(Stream) is { } stream)
        {
            throw new InvalidInputException(
                $"--stream {stream} is for a run of ./runs, expected none for a run of a cluster: POST /stream gives it examples."
            );
        }

        var cluster = new ClusterRuns(run.Leader);
        Resumption.RequireUnfinished(run.Run);
        WatchVerb.Print(parsed.InvocationConfiguration.Output, await cluster.Resume(run.Name), parsed.GetValue(AsJson));
        return ExitCode.Done;
    }

    private static async Task<int> GoOnHere(RunSummary run, ParseResult parsed, CancellationToken interrupted)
    {
        Resumption.RequireCheckpoint(run);
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var json = parsed.GetValue(AsJson);
        var request = new TrainRequest
        {
            Experiment = run.Run,
            Silos = parsed.GetValue(Silos) ?? 1,
            Stream = parsed.GetValue(Stream),
            Live = parsed.GetValue(Live),
            Open = parsed.GetValue(Open),
        };
        RunSummary summary;
        using (var people = new QueuedWriter(json ? error : output))
        {
            summary = await new TrainingRun(
                request,
                error.WriteLine,
                progress => RunViews.For(progress, people, plain: json),
                RunViews.IsPlain(json) ? new Silence(error.WriteLine) : null
            ).GoOn(run, interrupted);
        }

        return TrainVerb.Close(summary, json, output, error);
    }
}
