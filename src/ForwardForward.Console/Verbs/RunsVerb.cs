using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Verbs;

internal static class RunsVerb
{
    public static Verb Command()
    {
        var (beside, json, cluster) = (Beside(), Options.Json(), new ClusterOptions());
        var command = new Verb("runs", "Lists what ran and runs here or on a cluster, the last started first.", "./ff runs") { beside, cluster.Address, cluster.Id, cluster.Tls, json, Show() };
        command.SetAction(async (parsed, interrupted) => List(
            parsed.InvocationConfiguration.Output,
            parsed.GetValue(cluster.Address) is null ? RunList.In(Parent(parsed.GetValue(beside))) : await OnCluster(cluster, parsed, runs => runs.All(), interrupted),
            parsed.GetValue(json)));
        return command;
    }

    private static Verb Show()
    {
        var run = new Argument<string>("RUN") { Description = "Name of a run, or its folder." };
        var (beside, json, cluster) = (Beside(), Options.Json(), new ClusterOptions());
        var command = new Verb("show", "Shows how a run stands or ended, and where its layers are.", "./ff runs show supervised-quick-1") { run, beside, cluster.Address, cluster.Id, cluster.Tls, json };
        command.SetAction(async (parsed, interrupted) => Show(
            parsed.InvocationConfiguration.Output,
            parsed.GetValue(cluster.Address) is null
                ? RunList.Find(parsed.GetRequiredValue(run), Parent(parsed.GetValue(beside)))
                : await OnCluster(cluster, parsed, runs => runs.Show(parsed.GetRequiredValue(run)), interrupted),
            parsed.GetValue(json)));
        return command;
    }

    private static async Task<T> OnCluster<T>(ClusterOptions cluster, ParseResult parsed, Func<ClusterRuns, Task<T>> ask, CancellationToken interrupted)
    {
        await using var connection = await cluster.Connect(parsed, interrupted);
        return await ask(new ClusterRuns(connection));
    }

    private static Option<string?> Beside() => Options.Text("--out", "DIR", "A run's folder, as given to train: look at the runs beside it; default: those in ./runs.");

    private static string Parent(string? folder) => folder is null
        ? RunFolder.Runs
        : Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) ?? folder;

    private static void List(TextWriter output, IReadOnlyList<RunSummary> runs, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(runs.Select(RunJson.Of), Json.OneLine));
            return;
        }

        if (runs.Count == 0)
        {
            output.WriteLine($"Nothing ran here yet; `{Called.Name} train` starts a run.");
            return;
        }

        RunTable.Write(output, runs);
    }

    private static void Show(TextWriter output, RunSummary run, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(RunJson.Of(run), Json.OneLine));
            return;
        }

        output.WriteLine($"{run.Run}: {run.State}, epoch {run.Epoch} of {run.Epochs}, {run.Dataset}, {run.Precision.ToString().ToLowerInvariant()}, {Texts.Silos(run.Silos)}");
        if (run.Error is { } error)
        {
            output.WriteLine(error);
        }

        foreach (var place in run.Plan)
        {
            output.WriteLine($"layer {place.Layer,-16}{place.Silo} ({place.Endpoint})");
        }

        if (run.PlanReason is { } reason)
        {
            output.WriteLine($"{"plan",-22}{reason}");
        }

        ClosingBlock.Write(output, run);
    }
}
