using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using SkiaSharp;

namespace ForwardForward.Console.Tests;

/// <summary>A run on one page, as a file and as a browser shows it.</summary>
public sealed partial class ReportTests : Workplace
{
    private const long MaxBytes = 5 << 20;

    [Fact]
    public async Task A_report_shows_the_figures_of_the_summary_the_curves_and_the_pictures_and_needs_nothing_else()
    {
        var trained = await Train("--json", "--silos", "2", "--name", "done");

        var reported = await Run("report", "done", "--json");

        Assert.True(reported.ExitCode == 0, reported.Error);
        var file = reported.Json.GetProperty("report").GetString()!;
        Assert.Equal(("done", At("runs", "done", "report.html")), (reported.Json.GetProperty("run").GetString(), file));
        var (html, page) = (await File.ReadAllTextAsync(file), Parsed(file));
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"{100 * trained.Json.GetProperty("testErrorFast").GetDouble():0.00} %"),
            html,
            StringComparison.Ordinal
        );
        Assert.Contains(trained.Json.GetProperty("stateHash").GetString()!, html, StringComparison.Ordinal);
        Assert.Contains(trained.Json.GetProperty("fingerprint").GetString()!, html, StringComparison.Ordinal);
        Assert.Equal(6, Of(page, "svg", "chart").Count()); // error, that of each layer, loss, two layers, throughput
        Assert.Single(Of(page, "svg", "timeline"));
        Assert.Equal(["layer 1", "layer 2"], Of(page, "text", "inside").Select(text => text.Value).Order());
        Assert.Equal(
            3 * 10 + 16,
            page.Descendants("img").Count(image => (string)image.Attribute("alt")! != "a test image that was taken for another class")
        );
        Assert.Equal(
            50,
            Of(page, "table", "confusion")
                .Single()
                .Descendants("td")
                .Sum(cell => cell.Value.Length == 0 ? 0 : int.Parse(cell.Value, CultureInfo.InvariantCulture))
        );
        Assert.DoesNotMatch("(?:src|href)=\"(?!data:)", html);
        Assert.DoesNotMatch("https?://", html);
        Assert.InRange(new FileInfo(file).Length, 10_000, MaxBytes);
    }

    [Fact]
    public async Task Of_a_network_with_signals_from_above_it_shows_what_they_change()
    {
        await Train("--name", "above", "--set", "topDown.iterations=5");

        var reported = await Run("report", "above");

        Assert.True(reported.ExitCode == 0, reported.Error);
        var page = Parsed(At("runs", "above", "report.html"));
        Assert.Contains("What signals from above change", page.Descendants("h2").Select(heading => heading.Value));
        var error = Of(page, "svg", "chart").Single(chart => (string?)chart.Attribute("aria-label") == "Test error over the iterations");
        Assert.Contains("\"from\":0,\"to\":5", (string?)error.Attribute("data-chart"), StringComparison.Ordinal);
        Assert.InRange(
            Of(page, "svg", "chart")
                .Count(chart => ((string?)chart.Attribute("aria-label"))!.StartsWith("What image ", StringComparison.Ordinal)),
            1,
            6
        );
    }

    [Fact]
    public async Task A_network_that_learned_as_a_whole_has_a_report_too()
    {
        await Train("--name", "whole", "--set", "backpropagation.network=convolutional");

        var reported = await Run("report", "whole");

        Assert.True(reported.ExitCode == 0, reported.Error);
        Assert.Single(Of(Parsed(At("runs", "whole", "report.html")), "table", "confusion"));
    }

    [Fact]
    public async Task Losses_and_rests_are_on_the_timeline()
    {
        await Train("--silos", "2", "--name", "lost");
        await File.AppendAllLinesAsync(
            At("runs", "lost", "metrics.jsonl"),
            [
                """{"type":"placement","slot":9,"epoch":1,"seconds":100,"state":"running","generation":"""
                    + """0,"recoveries":0,"plan":[{"layer":1,"silo":"a<b"},{"layer":2,"silo":"c"}]}""",
                """{"type":"placement","slot":19,"epoch":1,"seconds":200,"state":"recovering","generation":"""
                    + """1,"recoveries":1,"plan":[{"layer":1,"silo":"a<b"}]}""",
                """{"type":"placement","slot":15,"epoch":1,"seconds":220,"state":"running","generation":"""
                    + """1,"recoveries":1,"plan":[{"layer":1,"silo":"c"},{"layer":2,"silo":"c"}]}""",
                """{"type":"placement","slot":39,"epoch":2,"seconds":300,"state":"paused","generation":"""
                    + """1,"recoveries":1,"plan":[{"layer":1,"silo":"c"}]}""",
                """{"type":"placement","slot":""",
            ]
        );

        await Run("report", "lost", "-o", "lost.html");

        var page = Parsed(At("lost.html"));
        Assert.Single(Of(page, "line", "loss"));
        Assert.Contains("a<b", Of(page, "text", "tick").Select(text => text.Value)); // escaped
        Assert.Contains("layer 1, 2", Of(page, "text", "inside").Select(text => text.Value));
    }

    [Fact]
    public async Task Where_checkpoint_or_data_is_missing_a_sentence_says_so()
    {
        await Train("--name", "bare", "--set", "checkpoint.everySlots=0");
        await Train("--name", "moved", "--reference");
        await Run("report", "bare");
        Directory.Move(At("tiny"), At("elsewhere"));

        var reported = await Run("report", "moved");

        Assert.True(reported.ExitCode == 0, reported.Error);
        Assert.Contains(
            Of(Parsed(At("runs", "bare", "report.html")), "p", "none"),
            sentence => sentence.Value.Contains("has no checkpoint", StringComparison.Ordinal)
        );
        var moved = Of(Parsed(At("runs", "moved", "report.html")), "p", "none").Select(sentence => sentence.Value).ToList();
        Assert.Equal(
            [
                $"The data set '{At("tiny")}' is not on this machine.",
                $"The data set '{At("tiny")}' is not on this machine.",
                "Nothing is known of where the layers were: the run had no silos, or its console did not keep it.",
            ],
            moved
        );
    }

    [Fact]
    public async Task An_unknown_run_and_a_file_that_cannot_be_written_are_refused_with_one_sentence()
    {
        await Train("--name", "done");

        var unknown = await Run("report", "dine");
        var nowhere = await Run("report", "done", "-o", "no/where.html");

        Assert.Equal((2, "There is no run 'dine' in runs; did you mean 'done'?"), (unknown.ExitCode, unknown.Error.Trim()));
        Assert.Equal(2, nowhere.ExitCode);
        Assert.StartsWith("no/where.html cannot be written", nowhere.Error, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_browser_shows_it_without_an_error_in_light_and_dark_and_on_a_phone()
    {
        await Train("--silos", "2", "--name", "shown");
        await Run("report", "shown");
        var report = At("runs", "shown", "report.html");

        var light = await Shown(report, width: 1200, isDark: false);
        var dark = await Shown(report, width: 1200, isDark: true);
        var phone = await Shown(report, width: 500, isDark: false); // as narrow as a window may be
        var sizes = await Sizes(report);

        Assert.All([light, dark, phone], shown => Assert.DoesNotContain("CONSOLE", shown.Log, StringComparison.Ordinal));
        Assert.InRange(Background(light), 200, 255);
        Assert.InRange(Background(dark), 0, 60);
        Assert.All([light, dark, phone], shown => Assert.True(Colours(shown.Picture) > 50, "The page is blank."));
        Assert.Equal((360, 360), sizes); // nothing is wider than a phone
    }

    private static IEnumerable<XElement> Of(XDocument page, string element, string style) =>
        page.Descendants(element).Where(found => ((string?)found.Attribute("class") ?? "").Split(' ').Contains(style));

    // Written so that it is XML too.
    private static XDocument Parsed(string file)
    {
        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private async Task<(string Log, SKBitmap Picture)> Shown(string page, int width, bool isDark)
    {
        var picture = At($"{width}-{isDark}.png");
        var log = await Browse(
            page,
            $"--screenshot={picture}",
            $"--window-size={width},2000",
            $"--blink-settings=preferredColorScheme={(isDark ? 0 : 1)}"
        );
        return (log.Error, SKBitmap.Decode(picture));
    }

    /// <returns>Width of a frame as wide as a phone, and of what is in it.</returns>
    private async Task<(int Frame, int Content)> Sizes(string page)
    {
        await File.WriteAllTextAsync(
            At("phone.html"),
            $$"""
            <!DOCTYPE html><iframe id="phone" width="360" height="800" style="border:0" srcdoc=""></iframe><script>
            const phone = document.getElementById('phone');
            phone.srcdoc = {{System.Text.Json.JsonSerializer.Serialize(await File.ReadAllTextAsync(page))}};
            phone.onload = () => document.body.dataset.sizes =
                phone.contentWindow.innerWidth + 'x' + phone.contentDocument.documentElement.scrollWidth;
            </script>
            """
        );
        var dom = (await Browse(At("phone.html"), "--dump-dom", "--virtual-time-budget=5000")).Output;
        var sizes = SizesOf().Match(dom);
        Assert.True(sizes.Success, "The frame was not measured.");
        return (
            int.Parse(sizes.Groups[1].Value, CultureInfo.InvariantCulture),
            int.Parse(sizes.Groups[2].Value, CultureInfo.InvariantCulture)
        );
    }

    private async Task<FfResult> Browse(string page, params string[] options)
    {
        var start = new ProcessStartInfo(
            "chromium",
            [
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--enable-logging=stderr",
                "--v=0",
                $"--user-data-dir={At("browser")}",
                .. options,
                $"file://{page}",
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return await Ff.Finish(Process.Start(start)!);
    }

    private static double Background((string Log, SKBitmap Picture) shown) =>
        shown.Picture.GetPixel(3, 3) is var corner ? (corner.Red + corner.Green + corner.Blue) / 3.0 : 0;

    private static int Colours(SKBitmap picture) => picture.Pixels.Distinct().Count();

    [GeneratedRegex("data-sizes=\"(\\d+)x(\\d+)\"")]
    private static partial Regex SizesOf();
}
