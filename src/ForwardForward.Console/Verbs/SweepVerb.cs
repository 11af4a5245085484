using System.CommandLine;
using System.Text.Json;
using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Sweeps;
using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Verbs;

/// <summary>Trains an experiment with many values of its fields, and says which were best.</summary>
internal static class SweepVerb
{
    private const int MaxAtOnce = 64;
    private static readonly Option<int?> Parallel = Options.Whole("--parallel", "Trials at the same time; default: 1.", 1, MaxAtOnce);
    private static readonly Option<string?> Name = Options.Text("--name", "NAME", "Name of the sweep; default: PRESET-sweep-NUMBER.");
    private static readonly Option<string?> Out = Options.Text("--out", "DIR", "The sweep's folder; default: runs/NAME.");
    private static readonly Option<string?> Resume = Options
        .Text("--resume", "NAME", "Go on with a sweep of ./runs, or of a folder.")
        .WithSweeps();
    private static readonly Option<bool> Best = new("--best") { Description = "Print the best spec on stdout, the rest on stderr." };
    private static readonly ClusterOptions Cluster = new();
    private static readonly Option<bool> AsJson = new("--json")
    {
        Description = "One JSON array of the trials on stdout, the rest on stderr.",
    };

    public static Verb Command()
    {
        var command = new Verb(
            "sweep",
            "Trains with many values of some fields, judged by held-out training images; one that was interrupted goes on.",
            "./ff sweep supervised-quick --grid optimizer.learningRate=0.01,0.02,0.04 --seeds 1..3"
        );
        SweepOptions.AddTo(command);
        foreach (var option in (Option[])[Parallel, Name, Out, Resume, Best, Cluster.Address, Cluster.Id, Cluster.Tls, AsJson])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken interrupted)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var (json, best) = (parsed.GetValue(AsJson), parsed.GetValue(Best));
        if (json && best)
        {
            throw new InvalidInputException("--json and --best are both given, and each prints its own JSON, expected one of the two.");
        }

        var people = json || best ? error : output;
        var atOnce = parsed.GetValue(Parallel) ?? 1;
        var earlier = parsed.GetValue(Resume) is { } resumed ? SweepFolder.Find(resumed) : null;
        await using var cluster = await Connected(parsed, earlier, interrupted);
        var sets = new DataSets(DataSets.DefaultCacheFolder, kept: new KeptData());
        var checks = new TrialChecks(sets, atOnce, error.WriteLine, interrupted) { IsElsewhere = cluster is not null };
        var taken = cluster is null ? [] : await new ClusterRuns(cluster).Names();
        using var folder = earlier is null ? Begun(parsed, checks, taken) : Resumed(parsed, earlier);
        var plan = folder.Plan!;
        if (plan.HoldOut == 0)
        {
            error.WriteLine("The trials are judged by the test images: the best one's test error is too good, as it was chosen by it.");
        }

        var progress = new SweepProgress(plan, folder.Location);
        var shown = new QueuedWriter(people);
        ISweepView view = RunViews.IsPlain(json || best)
            ? new PlainSweepView(shown, progress)
            : new LiveSweepView(QueuedTerminal.On(shown), progress, () => shown.IsBehind);
        ITrials trials = cluster is null
            ? new TrialsHere(progress.Name, new SideBySide(sets, atOnce), error.WriteLine)
            : new TrialsOnCluster(progress.Name, cluster);
        var sweep = new Sweep(progress, trials, view, atOnce, earlier is null ? null : () => checks.Settle(plan));
        using (shown)
        {
            await sweep.Run(interrupted);
        }

        return Close(progress, sweep, parsed, people, interrupted.IsCancellationRequested);
    }

    private static async Task<ClusterConnection?> Connected(ParseResult parsed, string? earlier, CancellationToken interrupted)
    {
        if (earlier is null)
        {
            return Cluster.IsNamed(parsed) ? await Cluster.Connect(parsed, interrupted) : null;
        }

        var known = SweepPlan.Read(Path.Combine(earlier, SweepFolder.PlanFile)).Cluster;
        return (known, Cluster.IsNamed(parsed)) switch
        {
            (null, true) => throw new InvalidInputException(
                $"The trials of {earlier} are of this machine, but --cluster is given, expected none."
            ),
            (null, false) => null,
            (_, true) => await Cluster.Connect(parsed, interrupted),
            ({ } address, false) => await Cluster.Connect(parsed, address, interrupted),
        };
    }

    // The plan is whole, and all of it checked, before there is a folder.
    private static SweepFolder Begun(ParseResult parsed, TrialChecks checks, IReadOnlyList<string> taken)
    {
        var path =
            parsed.GetValue(Out) is { } given ? Path.TrimEndingDirectorySeparator(given)
            : parsed.GetValue(Name) is { } name ? Path.Combine(RunFolder.Runs, RunName.Check(name))
            : null;
        if (path is not null)
        {
            SweepFolder.RequireFit(path, taken);
        }

        var plan = new SweepPlanning(SweepOptions.Request(parsed, parsed.GetValue(Cluster.Address)), checks).Plan();
        var folder = path is null
            ? SweepFolder.TakeNext(RunFolder.Runs, $"{RunName.From(plan.Experiment)}-sweep", taken)
            : SweepFolder.Take(path);
        try
        {
            folder.Begin(plan);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static SweepFolder Resumed(ParseResult parsed, string path)
    {
        var given = SweepOptions.Given(parsed) ?? ((parsed.GetValue(Name) ?? parsed.GetValue(Out)) is not null ? "--name or --out" : null);
        if (given is not null)
        {
            throw new InvalidInputException(
                $"--resume goes on with what the sweep tries, but {given} is given too, expected one of the two."
            );
        }

        return SweepFolder.Take(path);
    }

    private static int Close(SweepProgress progress, Sweep sweep, ParseResult parsed, TextWriter people, bool isInterrupted)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var (results, ranking, plan) = (progress.Results, progress.Ranking, progress.Plan);
        var code = results.Any(result => result.IsDone) ? ExitCode.Done : ExitCode.RunFailed;
        if (parsed.GetValue(AsJson))
        {
            output.WriteLine(JsonSerializer.Serialize(results, Json.OneLine));
        }

        if (sweep.Unwritten is { } unwritten)
        {
            error.WriteLine($"{unwritten} Not all results are in {progress.Folder}.");
        }

        if (!sweep.IsOver)
        {
            var meanwhile = plan.Cluster is null ? "" : ", and those of the cluster go on meanwhile";
            error.WriteLine(
                $"{results.Count(result => result.IsOver)} of {results.Count} runs are over{meanwhile}: "
                    + $"`{Called.Name} sweep --resume {SweepClosing.Address(progress.Folder)}` goes on."
            );
            return isInterrupted ? ExitCode.Interrupted : code;
        }

        if (!parsed.GetValue(Best))
        {
            SweepClosing.Write(people, progress);
        }
        else if (ranking.Best is { } best)
        {
            error.WriteLine(SweepClosing.BestSentence(plan, ranking, best));
            output.Write(SpecReader.Write(plan.Best(best.Trial)));
        }
        else
        {
            error.WriteLine("No trial is done with every seed, so that none is the best.");
            return ExitCode.RunFailed;
        }

        return code;
    }
}
