using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ForwardForward.Benchmarks.Pictures;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Predictions;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;

namespace ForwardForward.Console.Verbs;

/// <summary><c>bench predict</c>.</summary>
internal static class BenchPredict
{
    private const int DefaultPictures = 100;
    private const int MaxPictures = 10_000;

    public static Verb Command()
    {
        var run = new Argument<string>("RUN")
        {
            Description = "Name of a run in ./runs, or its folder: the network that is asked.",
        }.WithRuns();
        var pictures = Options.Whole("--pictures", $"Test pictures of each kind; default: {DefaultPictures}.", 1, MaxPictures);
        var first = Options.Whole("--first", "The first of the test pictures, from 0; default: 0.", 0, int.MaxValue);
        var seed = Options.Whole("--seed", "Seed of what differs from picture to picture of a kind; default: 1.", 0, int.MaxValue);
        var kind = Options.Text("--kind", "TEXT", "Only the kinds with this in their names.");
        var json = Options.Json();
        var command = new Verb(
            "predict",
            "How many of a network's test pictures it reads as programs, phones and scanners show them: on grey paper, in "
                + "uneven light, with noise, frames, specks and lines, on boards, turned.",
            "./ff bench predict supervised-quick-1"
        )
        {
            run,
            pictures,
            first,
            seed,
            kind,
            json,
        };
        command.SetAction(
            (parsed, interrupted) =>
            {
                var streams = parsed.InvocationConfiguration;
                var results = Run(
                    parsed.GetRequiredValue(run),
                    parsed.GetValue(first) ?? 0,
                    parsed.GetValue(pictures) ?? DefaultPictures,
                    parsed.GetValue(seed) ?? 1,
                    parsed.GetValue(kind) ?? "",
                    interrupted
                );
                Print(streams.Output, streams.Error, results, parsed.GetValue(json));
                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
    }

    private static IEnumerable<KindResult> Run(string run, int first, int count, int seed, string kind, CancellationToken interrupted)
    {
        var checkpoint = RunCheckpoint.Open(run);
        var test = new DataSets(DataSets.DefaultCacheFolder).Open(checkpoint.Spec.Dataset, ct: interrupted).Limited(checkpoint.Spec).Test;
        if ((long)first + count > test.Count)
        {
            throw new InvalidInputException(
                $"--first, --pictures: {count} pictures from {first} on, expected no more than the {test.Count} of "
                    + $"{checkpoint.Spec.Dataset}."
            );
        }

        using var network = checkpoint.Network();
        var benchmark = new PictureBenchmark(network, checkpoint.Spec, test, first, count, seed);
        yield return benchmark.AsIdx();
        foreach (var one in PictureKind.All.Where(one => one.Name.Contains(kind, StringComparison.OrdinalIgnoreCase)))
        {
            interrupted.ThrowIfCancellationRequested();
            yield return benchmark.Of(one);
        }
    }

    private static void Print(TextWriter output, TextWriter error, IEnumerable<KindResult> results, bool json)
    {
        var people = json ? error : output;
        people.WriteLine($"{"", -32}{"right", 8}{"of", 8}{"nothing", 9}{"ms", 8}");
        var all = new List<KindResult>();
        foreach (var one in results)
        {
            all.Add(one);
            people.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{one.Kind, -32}{one.Right, 8}{one.Pictures, 8}{one.Nothing, 9}{one.Milliseconds, 8:0.0}"
                )
            );
        }

        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(all, Json.OneLine));
        }
    }
}
