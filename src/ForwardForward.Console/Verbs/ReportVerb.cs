using System.CommandLine;
using System.Text.Json;
using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Predictions;
using ForwardForward.Console.Reports;
using ForwardForward.Console.Runs;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>Shows a run on one page of HTML.</summary>
internal static class ReportVerb
{
    private const string DefaultName = RunContents.ReportFile;
    private const string DefaultNameOfSeveral = "comparison.html";
    private static readonly Argument<string[]> Runs = new Argument<string[]>("RUN")
    {
        Description =
            "Name of a run here or on a cluster, or its folder; it may still be training. Several: they are compared on one page.",
        Arity = ArgumentArity.OneOrMore,
    }.WithRuns();
    private static readonly Option<string?> To = Options.Text(
        "-o",
        "FILE",
        $"Where to; default: {DefaultName} in the run's folder, or RUN-{DefaultName} where it has none here; of several: "
            + $"{DefaultNameOfSeveral}."
    );
    private static readonly Option<string?> Checkpoints = Options.Text(
        "--checkpoints",
        "DIR",
        "Folder of the run's checkpoints, as the silos of a cluster keep one for each run; default: the run's own."
    );
    private static readonly ClusterOptions Cluster = new();
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb(
            "report",
            "Writes one self-contained HTML file about a run: curves, pictures, mistakes, where it ran; or one that compares several runs.",
            "./ff report supervised-quick-1"
        )
        {
            Runs,
            To,
            Checkpoints,
            Cluster.Address,
            Cluster.Id,
            Cluster.Tls,
            AsJson,
        };
        command.SetAction(
            (parsed, interrupted) =>
                parsed.GetRequiredValue(Runs) is [var run] ? OfOne(run, parsed, interrupted) : OfSeveral(parsed, interrupted)
        );
        return command;
    }

    private static async Task<int> OfOne(string name, ParseResult parsed, CancellationToken interrupted)
    {
        await using var found = await new RunSearch(Cluster, parsed, interrupted).Find(name);
        var run = found.Run;
        var file = parsed.GetValue(To) ?? (run.Output is { } folder ? Path.Combine(folder, DefaultName) : $"{run.Run}-{DefaultName}");
        var report = found.Cluster is { } cluster
            ? await OfCluster(cluster, run, parsed.GetValue(Checkpoints), interrupted)
            : RunReport.Of(run, parsed.GetValue(Checkpoints));
        WholeFile.Replace(file, new ReportPage(report).Html());
        return Say(parsed, file, new { run.Run, report = Path.GetFullPath(file) });
    }

    private static async Task<int> OfSeveral(ParseResult parsed, CancellationToken interrupted)
    {
        var names = parsed.GetRequiredValue(Runs);
        if (parsed.GetValue(Checkpoints) is not null)
        {
            throw new InvalidInputException($"--checkpoints is for a report of one run, but {names.Length} are given: expected none.");
        }

        var compared = await new RunsBesideEachOther(Cluster, parsed, interrupted).Compare(names);
        var file = parsed.GetValue(To) ?? DefaultNameOfSeveral;
        WholeFile.Replace(file, new ComparisonPage(compared).Html());
        return Say(parsed, file, new { runs = compared.Runs.Select(run => run.Summary.Run), report = Path.GetFullPath(file) });
    }

    private static int Say(ParseResult parsed, string file, object written)
    {
        parsed.InvocationConfiguration.Output.WriteLine(
            parsed.GetValue(AsJson) ? JsonSerializer.Serialize(written, Json.OneLine) : $"{file}: open it in a browser"
        );
        return ExitCode.Done;
    }

    // Where it was before is known to who followed it; what was measured, to the cluster.
    private static async Task<RunReport> OfCluster(
        ClusterConnection cluster,
        RunSummary run,
        string? checkpoints,
        CancellationToken interrupted
    )
    {
        var (status, events) = await new ClusterRuns(cluster).Course(run.Run);
        var followed = run.Output is { } folder ? RunFolder.Placements(folder) : [];
        var records = RunRecords.Of([.. events.Select(MetricLine.Of), .. followed.Count > 0 ? followed : [MetricLine.Of(status)]]);
        RunCheckpoint? newest = null;
        var why = "";
        try
        {
            newest = checkpoints is null
                ? await new ClusterCheckpoints(cluster).Newest(run.Run, interrupted)
                : RunCheckpoint.Open(checkpoints);
        }
        catch (InvalidInputException e)
        {
            why = e.Message;
        }

        return RunReport.Of(run, status.Spec, records, () => newest ?? throw new InvalidInputException(why));
    }
}
