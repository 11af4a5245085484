using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Verbs;

/// <summary>The verbs that follow and stop a run of a cluster.</summary>
internal static class WatchVerb
{
    public static Verb Watch()
    {
        var json = Options.Json();
        return Verb("watch", "Follows a run of a cluster until it ends; Ctrl+C stops the watching, not the run.", json, async (parsed, cluster, run, interrupted) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var asJson = parsed.GetValue(json);
            return await Followed(() => run, cluster, asJson, output, error, () =>
                new ClusterRuns(cluster).Watch(run, null, progress => RunViews.For(progress, asJson ? error : output, plain: asJson), interrupted));
        });
    }

    public static Verb Stop()
    {
        var json = Options.Json();
        return Verb("stop", "Brings a run of a cluster to rest at a checkpoint, and frees what it holds.", json, async (parsed, cluster, run, _) =>
        {
            Print(parsed.InvocationConfiguration.Output, await new ClusterRuns(cluster).Pause(run), parsed.GetValue(json));
            return ExitCode.Done;
        });
    }

    /// <summary>Says how a run stands after it was stopped or resumed.</summary>
    public static void Print(TextWriter output, RunSummary run, bool json) => output.WriteLine(json
        ? JsonSerializer.Serialize(RunJson.Of(run), Json.OneLine)
        : $"{run.Run} is {run.State}, slot {run.Slot} of {run.Slots}.");

    /// <summary>Prints how a followed run ended.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Followed(Func<string> run, ClusterConnection cluster, bool json, TextWriter output, TextWriter error, Func<Task<RunSummary>> follow)
    {
        RunSummary summary;
        try
        {
            summary = await follow();
        }
        catch (OperationCanceledException)
        {
            error.WriteLine($"Stopped watching; the run goes on: {Called.Name} watch {run()} --cluster {cluster.Address}");
            return ExitCode.Interrupted;
        }

        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(summary, Json.OneLine));
        }

        if (summary.IsDone)
        {
            ClosingBlock.Write(json ? error : output, summary);
            return ExitCode.Done;
        }

        error.WriteLine(summary.Error?.ReplaceLineEndings(" "));
        return ExitCode.RunFailed;
    }

    private static Verb Verb(string name, string description, Option<bool> json, Func<ParseResult, ClusterConnection, string, CancellationToken, Task<int>> act)
    {
        var run = new Argument<string>("RUN") { Description = "Name of a run." };
        var cluster = new ClusterOptions();
        var command = new Verb(name, description, $"./ff {name} supervised-1 --cluster 127.0.0.1:30000") { run, cluster.Address, cluster.Id, cluster.Tls, json };
        command.SetAction(async (parsed, interrupted) =>
        {
            await using var connection = await cluster.Connect(parsed, interrupted);
            return await act(parsed, connection, parsed.GetRequiredValue(run), interrupted);
        });
        return command;
    }
}
