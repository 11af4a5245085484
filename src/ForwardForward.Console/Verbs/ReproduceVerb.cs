using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Reproduction;
using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Verbs;

internal static class ReproduceVerb
{
    private static readonly Argument<string[]> Names = new Argument<string[]>("NAME")
    {
        Description = $"Experiments; default: all of {string.Join(", ", PublishedExperiment.All.Select(experiment => experiment.Name))}.",
        Arity = ArgumentArity.ZeroOrMore,
    }.With(PublishedExperiment.All.Select(experiment => experiment.Name));
    private static readonly Option<bool> Quick = new("--quick")
    {
        Description =
            "One seed and one to three epochs of each: enough to tell what works from what is broken, not to reach a published number.",
    };
    private static readonly Option<string?> Out = Options.Text(
        "--out",
        "DIR",
        "Where results.json is kept, with the page DIR.md beside it; default: docs/results, with --quick runs/reproduce."
    );
    private static readonly Option<string?> Runs = Options.Text("--runs", "DIR", "Where the runs are kept; default: runs/reproduce.");
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb(
            "reproduce",
            "Runs the published experiments and prints their numbers beside the published ones; one that was interrupted goes on.",
            "./ff reproduce supervised unsupervised"
        )
        {
            Names,
            Quick,
            Out,
            Runs,
            AsJson,
        };
        command.SetAction(Reproduce);
        return command;
    }

    private static async Task<int> Reproduce(ParseResult parsed, CancellationToken interrupted)
    {
        var (output, error, json, quick) = (
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            parsed.GetValue(AsJson),
            parsed.GetValue(Quick)
        );
        using var people = new QueuedWriter(json ? error : output);
        var runs = parsed.GetValue(Runs) ?? Path.Combine(RunFolder.Runs, "reproduce");
        var results = new ResultsFolder(parsed.GetValue(Out) ?? (quick ? runs : Path.Combine("docs", "results")));
        var reproduction = new Reproduction.Reproduction(
            runs,
            quick,
            error.WriteLine,
            progress => RunViews.For(progress, people, plain: json)
        );
        var experiments = PublishedExperiment.Named(parsed.GetValue(Names) ?? []);
        results.Read(); // what cannot be added to is better known before the first run than after it
        var made = new List<ReproducedResult>();
        var broken = new List<string>();
        foreach (
            var (experiment, seed) in experiments.SelectMany(experiment =>
                experiment.Seeds.Take(quick ? 1 : int.MaxValue).Select(seed => (experiment, seed))
            )
        )
        {
            var run = await reproduction.Run(experiment, seed, interrupted);
            if (!run.IsDone)
            {
                people.Dispose();
                TrainVerb.Close(run, json: false, output, error);
                return run.State == RunStates.Interrupted ? ExitCode.Interrupted : ExitCode.RunFailed;
            }

            var result = ReproducedResult.Of(experiment, run, Reproduction.Reproduction.Retest(run));
            results.Add(result);
            made.Add(result);
            people.WriteLine(Line(result));
            if (quick && !(result.TestError < experiment.QuickError))
            {
                broken.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{experiment.Name} ends at {result.TestError:P2} where it should be below {experiment.QuickError:P0}"
                    )
                );
            }
        }

        people.Dispose();
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(made, Json.OneLine));
        }

        if (broken.Count > 0)
        {
            error.WriteLine($"{string.Join("; ", broken)}.");
        }

        return broken.Count == 0 ? ExitCode.Done : ExitCode.RunFailed;
    }

    private static string Line(ReproducedResult result) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Experiment}, seed {result.Seed}: "
                + $"{result.TestErrorGoodness ?? result.TestErrorFast:P2}{OtherTests(result)} on {result.Dataset} after "
                + $"{Texts.Count(result.Epochs, "epoch")}{Published(result)}"
        );

    private static string Published(ReproducedResult result) =>
        result.Published is { } published
            ? string.Create(CultureInfo.InvariantCulture, $", published {published:P2}{(result.ComparesFast() ? " by the readout" : "")}")
            : "";

    private static string OtherTests(ReproducedResult result) =>
        (result.TestErrorJoint, result.TestErrorSettled) switch
        {
            ({ } joint, _) => string.Create(
                CultureInfo.InvariantCulture,
                $" by goodness, {result.TestErrorFast:P2} by the readout and {joint:P2} by both together,"
            ),
            (_, { } settled) => string.Create(
                CultureInfo.InvariantCulture,
                $" by goodness, {result.TestErrorFast:P2} by the readout without and {settled:P2} with signals from above,"
            ),
            _ => "",
        };
}
