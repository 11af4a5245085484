using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Sweeps;

namespace ForwardForward.Console.Verbs;

internal static class RunsVerb
{
    private const int RowsOfAPage = 50;
    private const int MaxRows = 1_000_000;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10); // of a cluster that has answered so far

    public static Verb Command()
    {
        var (beside, json, cluster) = (Beside(), Options.Json(), new ClusterOptions());
        var limit = Options.Whole("--limit", $"Most runs of a page; 0: all; default: {RowsOfAPage}, with --json all.", 0, MaxRows);
        var page = Options.Whole("--page", "Which page, from 1 (the default), which has the runs that were started last.", 1, MaxRows);
        var onlyHere = new Option<bool>("--here") { Description = "Only what is here; no cluster is asked." };
        var command = new Verb("runs", "Lists what ran and runs here and on a cluster, the last started first.", "./ff runs")
        {
            beside,
            onlyHere,
            limit,
            page,
            cluster.Address,
            cluster.Id,
            cluster.Tls,
            json,
            Show(),
            RunsDeleteVerb.Command(),
            RunsRenameVerb.Command(),
        };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                var here = RunList.In(Parent(parsed.GetValue(beside)));
                var asksCluster = !parsed.GetValue(onlyHere) && (parsed.GetValue(beside) is null || cluster.IsNamed(parsed));
                var rows = RunPage.Of(
                    parsed.GetValue(limit) ?? (parsed.GetValue(json) && parsed.GetValue(page) is null ? 0 : RowsOfAPage),
                    parsed.GetValue(page) ?? 1
                );
                var (runs, count) = asksCluster ? await WithCluster(here, rows, cluster, parsed, interrupted) : (here, here.Count);
                List(parsed.InvocationConfiguration.Output, rows.Cut(runs), rows.Rest(count), parsed.GetValue(json));
            }
        );
        return command;
    }

    private static Verb Show()
    {
        var run = new Argument<string>("RUN") { Description = "Name of a run, or its folder." }.WithRuns();
        var (beside, json, cluster) = (Beside(), Options.Json(), new ClusterOptions());
        var command = new Verb("show", "Shows how a run stands or ended, and where its layers are.", "./ff runs show supervised-quick-1")
        {
            run,
            beside,
            cluster.Address,
            cluster.Id,
            cluster.Tls,
            json,
        };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                await using var found = await new RunSearch(cluster, parsed, interrupted).Find(
                    parsed.GetRequiredValue(run),
                    Parent(parsed.GetValue(beside))
                );
                if (!found.Run.IsOfHere && found.Cluster is null)
                {
                    parsed.InvocationConfiguration.Error.WriteLine(
                        $"The cluster {found.Run.Where} does not answer; this is what was last heard of the run."
                    );
                }

                Show(parsed.InvocationConfiguration.Output, found.Run, parsed.GetValue(json));
            }
        );
        return command;
    }

    // A cluster that nobody named and that does not answer is a line, and no failure.
    private static async Task<(IReadOnlyList<RunSummary> Runs, int Count)> WithCluster(
        IReadOnlyList<RunSummary> here,
        RunPage rows,
        ClusterOptions cluster,
        ParseResult parsed,
        CancellationToken interrupted
    )
    {
        await using var known = await cluster.Known(parsed, other: null, interrupted);
        var silent = known.Silent;
        try
        {
            if (known.Connection is { } connection)
            {
                var runs = new ClusterRuns(connection);
                var asked = runs.Newest(rows.Last);
                var (there, names) = await (cluster.IsNamed(parsed) ? asked : asked.WaitAsync(AnswerTimeout, interrupted));
                var count = names.Count + here.Count(run => run.IsOfHere || !names.Contains(run.Run));
                return (RunSearch.Together(here, there, runs.Told), count);
            }
        }
        catch (Exception e) when (e is TimeoutException or OrleansException && !cluster.IsNamed(parsed))
        {
            silent = known.Connection!.Address;
        }

        if (silent is not null)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"The cluster at {silent} does not answer; its runs are not listed.");
        }

        return (here, here.Count);
    }

    private static Option<string?> Beside() =>
        Options.Text("--out", "DIR", "A run's folder, as given to train: look at the runs beside it; default: those in ./runs.");

    private static string Parent(string? folder) =>
        folder is null ? RunFolder.Runs : Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) ?? folder;

    private static void List(TextWriter output, IReadOnlyList<RunSummary> runs, string? rest, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(runs.Select(RunJson.Of), Json.OneLine));
            return;
        }

        var sweeps = SweepFolder.Names.Order(StringComparer.Ordinal).ToList();
        if (runs.Count > 0)
        {
            RunTable.Write(output, runs, RunViews.Width);
        }

        if (rest is not null)
        {
            output.WriteLine(rest);
        }
        else if (runs.Count == 0 && sweeps.Count == 0)
        {
            output.WriteLine($"Nothing ran here yet; `{Called.Name} train` starts a run.");
        }

        if (sweeps.Count > 0)
        {
            output.WriteLine($"Sweeps: {string.Join(", ", sweeps)}. `{Called.Name} sweep --resume NAME` shows the trials of one.");
        }
    }

    private static void Show(TextWriter output, RunSummary run, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(RunJson.Of(run), Json.OneLine));
            return;
        }

        output.WriteLine(
            $"{run.Run}: {run.State}, epoch {run.Epoch} of {run.Epochs}, {run.Dataset}, "
                + $"{run.Precision.ToString().ToLowerInvariant()}, {Texts.Silos(run.Silos)}, {RunPlace.Sentence(run)}"
        );
        if (run.Error is { } error)
        {
            output.WriteLine(error);
        }

        if (run.DatasetSha256 is { } sha256)
        {
            output.WriteLine($"{"data", -22}SHA-256 {sha256}");
        }

        foreach (var place in run.Plan)
        {
            output.WriteLine(
                $"layer {place.Layer, -16}{place.Silo} ({place.Endpoint}){(place.Version is { } version ? $", version {version}" : "")}"
            );
        }

        if (run.PlanReason is { } reason)
        {
            output.WriteLine($"{"plan", -22}{reason}");
        }

        ClosingBlock.Write(output, run);
    }
}
