using System.CommandLine;
using System.Text.Json;
using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Training;

namespace ForwardForward.Console.Verbs;

/// <summary>The verbs that follow and stop a run, wherever it is.</summary>
internal static class WatchVerb
{
    public static Verb Watch()
    {
        var json = Options.Json();
        return Verb(
            "watch",
            "Follows a run until it ends; Ctrl+C stops the watching, not the run.",
            json,
            async (parsed, found, interrupted) =>
            {
                var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
                var asJson = parsed.GetValue(json);
                if (found.Run.IsOfHere)
                {
                    return await Followed(
                        () => $"{Called.Name} watch {RunList.Address(found.Run)}",
                        asJson,
                        output,
                        error,
                        view => new FolderWatch(found.Run).Watch(view, interrupted)
                    );
                }

                using var folder = found.Run.Output is { } here ? RunFolder.TryFollow(here) : null;
                return await Followed(
                    () => found.Name,
                    found.Leader,
                    asJson,
                    output,
                    error,
                    view => new ClusterRuns(found.Leader).Watch(found.Name, folder, view, interrupted)
                );
            }
        );
    }

    public static Verb Stop()
    {
        var json = Options.Json();
        return Verb(
            "stop",
            "Brings a run to rest at a checkpoint, and frees what it holds.",
            json,
            async (parsed, found, interrupted) =>
            {
                var stopped = found.Run.IsOfHere
                    ? await RunStop.Ask(found.Run, interrupted)
                    : await new ClusterRuns(found.Leader).Pause(found.Name);
                Print(parsed.InvocationConfiguration.Output, stopped, parsed.GetValue(json));
                return ExitCode.Done;
            }
        );
    }

    /// <summary>Says how a run stands after it was stopped or resumed.</summary>
    public static void Print(TextWriter output, RunSummary run, bool json) =>
        output.WriteLine(
            json
                ? JsonSerializer.Serialize(RunJson.Of(run), Json.OneLine)
                : $"{run.Run} is {run.State}, slot {run.Slot}{(run.Slots is { } slots ? $" of {slots}" : "")}.{Further(run)}"
        );

    /// <summary>What goes on with a run of this machine that was interrupted.</summary>
    public static string Further(RunSummary run) =>
        run is { State: RunStates.Interrupted, IsOfHere: true, LastCheckpointSlot: not null }
            ? $" `{Called.Name} resume {RunList.Address(run)}` goes on."
            : "";

    /// <summary>Prints how a followed run ended.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> Followed(
        Func<string> run,
        ClusterConnection cluster,
        bool json,
        TextWriter output,
        TextWriter error,
        Func<Func<RunProgress, IRunView>, Task<RunSummary>> follow
    ) => Followed(() => $"{Called.Name} watch {run()} --cluster {cluster.Address}", json, output, error, follow);

    private static async Task<int> Followed(
        Func<string> again,
        bool json,
        TextWriter output,
        TextWriter error,
        Func<Func<RunProgress, IRunView>, Task<RunSummary>> follow
    )
    {
        RunSummary summary;
        try
        {
            using var people = new QueuedWriter(json ? error : output);
            summary = await follow(progress => RunViews.For(progress, people, plain: json));
        }
        catch (OperationCanceledException)
        {
            error.WriteLine($"Stopped watching; the run goes on: {again()}");
            return ExitCode.Interrupted;
        }

        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(RunJson.Of(summary), Json.OneLine));
        }

        if (summary.IsDone)
        {
            ClosingBlock.Write(json ? error : output, summary);
            return TrainVerb.TellRefusal(summary, ExitCode.Done, error);
        }

        error.WriteLine($"{summary.Error?.ReplaceLineEndings(" ")}{Further(summary)}");
        return TrainVerb.TellRefusal(summary, ExitCode.RunFailed, error);
    }

    private static Verb Verb(
        string name,
        string description,
        Option<bool> json,
        Func<ParseResult, FoundRun, CancellationToken, Task<int>> act
    )
    {
        var run = new Argument<string>("RUN")
        {
            Description = "Name of a run here or on a cluster, or the folder of one that runs here.",
        }.WithRuns();
        var cluster = new ClusterOptions();
        var command = new Verb(name, description, $"./ff {name} supervised-1") { run, cluster.Address, cluster.Id, cluster.Tls, json };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                await using var found = await new RunSearch(cluster, parsed, interrupted).Find(parsed.GetRequiredValue(run));
                return await act(parsed, found, interrupted);
            }
        );
        return command;
    }
}
