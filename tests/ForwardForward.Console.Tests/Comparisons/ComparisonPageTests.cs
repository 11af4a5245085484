using System.Xml;
using System.Xml.Linq;

namespace ForwardForward.Console.Tests.Comparisons;

/// <summary>Several runs on one page.</summary>
public sealed class ComparisonPageTests : Workplace
{
    private readonly FinishedRuns _runs;

    public ComparisonPageTests() => _runs = new FinishedRuns(At("runs"));

    [Fact]
    public async Task A_report_of_several_runs_is_the_page_of_their_comparison_and_needs_nothing_else()
    {
        _runs.Add("one", [0.5, 0.2]);
        _runs.Add("two", [0.5, 0.3], "seed=2");
        _runs.Add("a&b", [0.4, 0.1], "description=<x>");

        var reported = await Run("report", "one", "two", "a&b", "--json");
        var compared = await Run("compare", "one", "two", "a&b", "--out", "page.html");

        Assert.True(reported.ExitCode == 0, reported.Error);
        var file = reported.Json.GetProperty("report").GetString()!;
        Assert.Equal(At("comparison.html"), file);
        Assert.Equal(["one", "two", "a&b"], reported.Json.GetProperty("runs").EnumerateArray().Select(run => run.GetString()));
        Assert.EndsWith("page.html: open it in a browser\n", compared.Output, StringComparison.Ordinal);
        var html = await File.ReadAllTextAsync(file);
        Assert.Equal(html, await File.ReadAllTextAsync(At("page.html")));
        Assert.DoesNotMatch("(?:src|href)=\"(?!data:)", html);
        Assert.DoesNotMatch("https?://", html);
        var page = Parsed(html);
        var chart = Assert.Single(Of(page, "svg", "chart")); // by goodness nothing was measured
        Assert.Equal(
            ["line series-1", "line series-1", "line series-2"],
            chart.Descendants("polyline").Select(line => (string)line.Attribute("class")!)
        );
        Assert.Equal(["A", "B", "C"], Of(page, "text", "name").Select(name => name.Value));
        Assert.Contains("<x>", page.Descendants("code").Select(code => code.Value));
        Assert.Contains("1 and 2", page.Descendants("td").Select(cell => cell.Value));
    }

    [Fact]
    public async Task Of_more_curves_than_there_is_room_for_names_those_that_stand_clear_have_theirs()
    {
        var names = Enumerable.Range(1, 40).Select(i => $"run{i}").ToArray();
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
        {
            _runs.Add(name, [0.9, 0.01 * (i + 1)], $"seed={i}");
        }

        await Run(["report", .. names, "-o", "many.html"]);

        var page = Parsed(await File.ReadAllTextAsync(At("many.html")));
        var places = Of(page, "text", "name").Select(name => (double)name.Attribute("y")!).Order().ToList();
        Assert.Equal(40, page.Descendants("polyline").Count());
        Assert.InRange(places.Count, 5, 15);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 13.9, $"{pair}"));
        Assert.InRange(places[0], 0, 260);
    }

    [Fact]
    public async Task Checkpoints_are_for_a_report_of_one_run()
    {
        _runs.Add("one", [0.5]);
        _runs.Add("two", [0.5]);

        var refused = await Run("report", "one", "two", "--checkpoints", "somewhere");

        Assert.Equal(
            (2, "--checkpoints is for a report of one run, but 2 are given: expected none."),
            (refused.ExitCode, refused.Error.Trim())
        );
    }

    private static IEnumerable<XElement> Of(XDocument page, string element, string style) =>
        page.Descendants(element).Where(found => ((string?)found.Attribute("class") ?? "").Split(' ').Contains(style));

    // Written so that it is XML too.
    private static XDocument Parsed(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }
}
