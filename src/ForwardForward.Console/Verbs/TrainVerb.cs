using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Streams;
using ForwardForward.Console.Training;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Verbs;

internal static class TrainVerb
{
    /// <summary>What is trained where nothing is named.</summary>
    public const string DefaultPreset = "supervised-quick";
    private const int MaxSilos = 64;

    private static readonly Argument<string> Experiment = new Argument<string>("PRESET or SPEC.json")
    {
        Description = "A built-in experiment or a file with a spec.",
        DefaultValueFactory = _ => DefaultPreset,
    }.WithPresets();

    private static readonly Option<string[]> Set = new Option<string[]>("--set")
    {
        Description = "Set a field of the spec, as in optimizer.learningRate=0.02; repeatable.",
        HelpName = "path=value",
    }.WithSpecFields();
    private static readonly Option<int?> Epochs = Options.Whole("--epochs", "Passes over the training images.", 1, 100_000);
    private static readonly Option<int?> Seed = Options.Whole("--seed", "Seed of every random draw.", 0, int.MaxValue);
    private static readonly Option<Precision?> Precision = Options.Choice<Precision>("--precision", "Precision of the matrix products.");
    private static readonly Option<string?> Data = Options
        .Text("--data", "NAME or DIR", "A data set by name, or a folder with IDX files.")
        .WithDataSets();
    private static readonly Option<bool> Transpose = new("--transpose") { Description = "Turn pictures stored by columns, as EMNIST's." };
    private static readonly Option<string?> From = Options
        .Text("--from", "RUN", "Train on from where this run ended, with its spec and as a run of its own.")
        .WithRuns();
    private static readonly Option<string?> Import = Options.Text("--import", "FILE", "Start from these weights, as export writes them.");
    private static readonly Option<string?> Journal = Options.Text(
        "--journal",
        "FILE",
        "Teach it what a run was taught, as its lessons.jsonl has it."
    );
    private static readonly Option<string?> Stream = Options.Text(
        "--stream",
        "-|http|FILE",
        "Learn from examples as they come: lines of JSON from standard input or a file, or by POST /stream."
    );
    private static readonly Option<string?> Name = Options.Text("--name", "NAME", "Name of the run; default: PRESET-NUMBER.");
    private static readonly Option<string?> Out = Options.Text("--out", "DIR", "The run's folder; default: runs/NAME.");
    private static readonly Option<int?> Silos = Options.Whole("--silos", "Silos in this process, over TCP; default: 1.", 1, MaxSilos);
    private static readonly Option<bool> Reference = new("--reference") { Description = "Train with the sequential trainer, no Orleans." };
    private static readonly Option<int?> Metrics = Options.Whole("--metrics", "Port on 127.0.0.1 with /metrics for Prometheus.", 1, 65535);
    private static readonly Option<bool> Live = new("--live") { Description = "A page to draw on and see it learn, on 127.0.0.1." };
    private static readonly Option<bool> Open = new("--open") { Description = "Open the page of --live in a browser." };
    private static readonly ClusterOptions Cluster = new();
    private static readonly Option<bool> Detach = new("--detach") { Description = "Leave the run to the cluster, and do not watch." };
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb("train", "Runs an experiment and shows it until it ends.", "./ff train supervised --epochs 5")
        {
            Experiment,
            Set,
            Epochs,
            Seed,
            Name,
            Data,
            Transpose,
            From,
            Import,
            Journal,
            Stream,
            Precision,
            Silos,
            Reference,
            Metrics,
            Live,
            Open,
            Cluster.Address,
            Cluster.Id,
            Cluster.Tls,
            Detach,
            Out,
            AsJson,
        };
        command.SetAction(Train);
        return command;
    }

    private static async Task<int> Train(ParseResult parsed, CancellationToken interrupted)
    {
        if (parsed.GetValue(Cluster.Address) is not null || parsed.GetValue(Detach))
        {
            return await TrainOnCluster(parsed, interrupted);
        }

        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var json = parsed.GetValue(AsJson);
        var silence = RunViews.IsPlain(json) ? new Silence(error.WriteLine) : null;
        RunSummary summary;
        using (var people = new QueuedWriter(json ? error : output))
        {
            IRunView View(RunProgress progress) => RunViews.For(progress, people, plain: json);
            var training = new TrainingRun(Request(parsed), error.WriteLine, View, silence, () => Cluster.Taken(parsed, interrupted));
            summary = await training.Run(interrupted);
        }

        return Close(summary, json, output, error);
    }

    private static async Task<int> TrainOnCluster(ParseResult parsed, CancellationToken interrupted)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var json = parsed.GetValue(AsJson);
        var request = Request(parsed);
        var given =
            request.Reference ? "--reference"
            : parsed.GetValue(Silos) is not null ? "--silos"
            : request.MetricsPort is not null ? "--metrics"
            : request.Live ? "--live"
            : request.Open ? "--open"
            : null;
        if (given is not null)
        {
            throw new InvalidInputException(
                $"{given} is for runs in this process, but --cluster or --detach leaves the run to a cluster: expected one of the two."
            );
        }

        if (parsed.GetValue(Detach) && request.Stream is not (null or StreamFeed.Http))
        {
            throw new InvalidInputException(
                $"--stream {request.Stream} is read here, but --detach leaves the run to a cluster: expected --stream http, or no --detach."
            );
        }

        await using var cluster = await Cluster.Connect(parsed, interrupted);
        var training = new ClusterTraining(request, cluster);
        if (!parsed.GetValue(Detach))
        {
            var run = request.Name ?? request.Experiment;
            return await WatchVerb.Followed(
                () => run,
                cluster,
                json,
                output,
                error,
                view => training.Run(name => run = name, view, interrupted)
            );
        }

        var started = await training.Start(interrupted);
        output.WriteLine(
            json
                ? JsonSerializer.Serialize(new { run = started.Run }, Json.OneLine)
                : $"{started.Run} runs: {Called.Name} watch {started.Run} --cluster {cluster.Address}"
        );
        return ExitCode.Done;
    }

    /// <summary>Says how a run of this process ended.</summary>
    /// <returns>The exit code.</returns>
    public static int Close(RunSummary summary, bool json, TextWriter output, TextWriter error)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(summary, Json.OneLine));
        }

        switch (summary.State)
        {
            case RunStates.Done:
                ClosingBlock.Write(json ? error : output, summary);
                ClosingBlock.WriteNext(json ? error : output, summary);
                return TellRefusal(summary, ExitCode.Done, error);
            case RunStates.Interrupted:
                var when = summary.Epoch == 0 ? "before the first slot was through" : $"in epoch {summary.Epoch} of {summary.Epochs}";
                var missing = MissingNet.Sentence(summary) is { } sentence ? $" It ran without a net: {sentence}" : "";
                error.WriteLine(
                    $"Interrupted {when}; what was measured until then is in {summary.Output}.{WatchVerb.Further(summary)}{missing}"
                );
                return ExitCode.Interrupted;
            default:
                error.WriteLine($"{summary.Error?.ReplaceLineEndings(" ")} What was measured until then is in {summary.Output}.");
                ClosingBlock.WriteCourse(error, summary);
                return TellRefusal(summary, ExitCode.RunFailed, error);
        }
    }

    /// <summary>Says why not all of a stream was taken.</summary>
    /// <returns>The exit code.</returns>
    public static int TellRefusal(RunSummary summary, int otherwise, TextWriter error)
    {
        if (summary.StreamRefusal is not { } refusal)
        {
            return otherwise;
        }

        error.WriteLine(refusal);
        return ExitCode.InvalidInput;
    }

    private static TrainRequest Request(ParseResult parsed) =>
        new()
        {
            Experiment = parsed.GetRequiredValue(Experiment),
            Set = parsed.GetValue(Set) ?? [],
            Epochs = parsed.GetValue(Epochs),
            Seed = parsed.GetValue(Seed),
            Precision = parsed.GetValue(Precision),
            Data = parsed.GetValue(Data),
            Transpose = parsed.GetValue(Transpose),
            From = FromOf(parsed),
            Import = parsed.GetValue(Import),
            Journal = parsed.GetValue(Journal),
            Stream = parsed.GetValue(Stream),
            Name = parsed.GetValue(Name),
            Out = parsed.GetValue(Out),
            Silos = parsed.GetValue(Silos) ?? 1,
            Reference = parsed.GetValue(Reference),
            MetricsPort = parsed.GetValue(Metrics),
            Live = parsed.GetValue(Live),
            Open = parsed.GetValue(Open),
        };

    private static string? FromOf(ParseResult parsed)
    {
        var run = parsed.GetValue(From);
        var other =
            run is null ? null
            : parsed.GetResult(Experiment) is { Implicit: false } ? $"the experiment '{parsed.GetRequiredValue(Experiment)}'"
            : parsed.GetValue(Import) is { } file ? $"--import {file}"
            : null;
        return other is null
            ? run
            : throw new InvalidInputException(
                $"--from {run} trains on with that run's spec and state, but {other} is given too: expected one."
            );
    }
}
