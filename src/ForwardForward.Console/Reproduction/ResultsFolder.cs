using System.Globalization;
using System.Text;
using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning;

namespace ForwardForward.Console.Reproduction;

/// <summary>
/// Results that stand in a repository: results.json in it for programs, and beside it a page of its name for people (docs/results.md of
/// docs/results). A result replaces the one of the same experiment and seed.
/// </summary>
internal sealed class ResultsFolder(string folder)
{
    private readonly string _json = Path.Combine(folder, "results.json");
    private readonly string _page = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + ".md";

    /// <exception cref="InvalidInputException">The file holds something else.</exception>
    public IReadOnlyList<ReproducedResult> Read()
    {
        try
        {
            var results = File.Exists(_json)
                ? JsonSerializer.Deserialize<List<ReproducedResult>>(File.ReadAllText(_json), Json.OneLine)
                : [];
            return results?.Contains(null!) == false ? results : throw new JsonException("there is null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"{_json} cannot be read ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}), expected results that `ff reproduce` wrote.",
                e
            );
        }
    }

    /// <exception cref="InvalidInputException">The folder cannot be written.</exception>
    public void Add(ReproducedResult result)
    {
        var all = Read()
            .Where(earlier => (earlier.Experiment, earlier.Seed) != (result.Experiment, result.Seed))
            .Append(result)
            .OrderBy(one => Place(one.Experiment))
            .ThenBy(one => one.Seed)
            .ToList();
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{folder} cannot be written ({e.Message.TrimEnd('.')}), expected a folder for results.", e);
        }

        WholeFile.Replace(_json, JsonSerializer.Serialize(all, Json.Indented) + "\n");
        WholeFile.Replace(_page, Page(all));
    }

    private static int Place(string experiment) =>
        PublishedExperiment.All.Select((known, i) => known.Name == experiment ? i : -1).Max() is >= 0 and var place ? place : int.MaxValue;

    private string Page(IReadOnlyList<ReproducedResult> all)
    {
        var page = new StringBuilder(
            "# Results\n`./ff reproduce` makes this page from "
                + Path.GetFileNameWithoutExtension(_page)
                + "/results.json. Errors are on the test images, in percent; the error that counts is that of the test that the "
                + "published error is of: the goodness test where the experiment has one, unless \"fast\" stands there. Joint is "
                + "the class that goodness and the readout favour together; settled is what the readout says of the states with "
                + "signals from above (the mean of the iterations whose goodness counts, under the label that the network likes "
                + "best itself); fast, without. A state hash is of one version of the kernels; another one ends in other "
                + "bits.\n\n"
        );
        page.Append(
            "| experiment | data | epochs | seed | fast test | goodness test | joint | settled | seconds | state hash | "
                + "kernels | published | |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"
        );
        foreach (var group in all.GroupBy(result => (result.Experiment, result.Dataset, result.Epochs)))
        {
            foreach (var result in group)
            {
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"| {result.Experiment} | {result.Dataset} | {result.Epochs} | {result.Seed} | "
                        + $"{Percent(result.TestErrorFast)} | {Percent(result.TestErrorGoodness)} | {Percent(result.TestErrorJoint)} "
                        + $"| {Percent(result.TestErrorSettled)} | {result.Seconds:0} | `{result.StateHash?[..12]}` | "
                        + $"{result.Kernels ?? "-"} | {PublishedError(result)} | "
                        + $"{Verdict(result.TestError, result.TestErrorJoint, result.Published)} |\n"
                );
            }

            if (group.Count() > 1)
            {
                var mean = group.Average(result => result.TestError);
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"| **{group.Key.Experiment}, mean** | {group.Key.Dataset} | {group.Key.Epochs} | {group.Count()} seeds | "
                        + $"{Percent(group.Average(result => result.TestErrorFast))} | "
                        + $"{Percent(group.Average(result => result.TestErrorGoodness))} | "
                        + $"{Percent(group.Average(result => result.TestErrorJoint))} | "
                        + $"{Percent(group.Average(result => result.TestErrorSettled))} | | | | {PublishedError(group.First())} | "
                        + $"{Verdict(mean, group.Average(result => result.TestErrorJoint), group.First().Published)} |\n"
                );
            }
        }

        page.Append("\nPublished by: ")
            .AppendJoin(
                "; ",
                PublishedExperiment
                    .All.Where(experiment => experiment.Published is not null && all.Any(result => result.Experiment == experiment.Name))
                    .Select(experiment => $"{experiment.Name}: {experiment.Source}")
            )
            .Append(".\n");
        return page.ToString();
    }

    private static string PublishedError(ReproducedResult result) => $"{Percent(result.Published)}{(result.ComparesFast() ? " fast" : "")}";

    private static string Percent(double? error) =>
        error is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.00}") : "-";

    private static string Verdict(double? error, double? joint, double? published) =>
        (error, published) switch
        {
            ({ } is_, { } was) when is_ <= was => "reached",
            ({ } is_, { } was) => string.Create(
                CultureInfo.InvariantCulture,
                $"not reached, {100 * (is_ - was):0.00} above{(joint <= was ? "; reached by the joint test" : "")}"
            ),
            _ => "",
        };
}
