using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Comparisons;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Reports;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>Puts runs beside each other.</summary>
internal static class CompareVerb
{
    public static Verb Command()
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Names of runs here or on a cluster, or their folders; they may still be training.",
            Arity = ArgumentArity.OneOrMore,
        }.WithRuns();
        var to = Options.Text("-o", "FILE", "Where to write a page of HTML too, with the curves over each other.");
        to.Aliases.Add("--out");
        var (cluster, json) = (new ClusterOptions(), Options.Json());
        var command = new Verb(
            "compare",
            "Puts runs beside each other: fields in which they differ, curves, and whether settings differ by more than their seeds.",
            "./ff compare supervised-quick-1 supervised-quick-2"
        )
        {
            runs,
            to,
            cluster.Address,
            cluster.Id,
            cluster.Tls,
            json,
        };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                var compared = await new RunsBesideEachOther(cluster, parsed, interrupted).Compare(parsed.GetRequiredValue(runs));
                var streams = parsed.InvocationConfiguration;
                if (parsed.GetValue(json))
                {
                    streams.Output.WriteLine(JsonSerializer.Serialize(Fields(compared), Json.OneLine));
                    Write(streams.Error, compared.Notes);
                }
                else
                {
                    Write(streams.Output, new ComparisonText(compared, RunViews.Width, MarkColours.OfTerminal).Lines);
                }

                if (parsed.GetValue(to) is { } file)
                {
                    WholeFile.Replace(file, new ComparisonPage(compared).Html());
                    (parsed.GetValue(json) ? streams.Error : streams.Output).WriteLine($"{file}: open it in a browser");
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Write(TextWriter output, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            output.WriteLine(line);
        }
    }

    // The console's contract.
    private static object Fields(RunComparison compared) =>
        new
        {
            fields = compared.Fields.ToDictionary(field => field.Path, field => field.Values),
            runs = compared.Runs.Select(run => new
            {
                run.Summary.Run,
                run.Summary.TestErrorFast,
                run.Summary.TestErrorGoodness,
                run.Summary.Seconds,
                run.Summary.StateHash,
            }),
        };
}
