using System.Text.Json;
using Xunit.Abstractions;

namespace ForwardForward.Console.Tests.Live;

/// <summary><c>train --live</c>: a person draws in a browser, and sees a network answer that trains.</summary>
public sealed class LivePageTests(ITestOutputHelper output) : Workplace
{
    private const int Strokes = 9;
    private const double MostMilliseconds = 500;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private const string Answer = "document.querySelector('#answer').dataset";

    [BrowserFact]
    public async Task What_is_drawn_is_answered_at_once_and_anew_as_the_network_learns()
    {
        // slowly, so that there is something left to learn
        string[] endless = ["--epochs", "100000", "--set", "optimizer.learningRate=0.001", "--name", "drawn", "--json"];
        using var running = Console.Start(["train", .. Small, .. endless, "--live"]);
        try
        {
            await using var browser = await Browser.Open(At("browser"), await Address(running.StandardError));
            await browser.Once("document.querySelector('#state').textContent.startsWith('running')");

            var times = new List<double>();
            for (var stroke = 1; stroke <= Strokes; stroke++)
            {
                var x = stroke / (Strokes + 1.0);
                await browser.Stroke("#canvas", stroke % 2 == 0 ? "pen" : "mouse", (x, 0.2), (x, 0.35), (x, 0.5));
                times.Add((await browser.Once($"{Answer}.strokes === '{stroke}' && Number({Answer}.milliseconds)")).GetDouble());
            }

            var first = await browser.Value($"({{...{Answer}}})");
            var later = await browser.Once(
                $"Number({Answer}.slot) > {Text(first, "slot")} && {Answer}.probability !== '{Text(first, "probability")}' "
                    + $"&& ({{...{Answer}}})"
            );
            var shares = await browser.Value("[...document.querySelectorAll('#classes .share')].map(share => share.textContent)");
            await browser.Once("document.querySelectorAll('#errors polyline').length > 0");
            await browser.Once("document.querySelectorAll('#goodness polyline').length === 4");
            var places = await browser.Value("[...document.querySelectorAll('#layers td:nth-child(2)')].map(cell => cell.textContent)");
            await Layers(browser);
            await TestImage(browser);
            await Lesson(browser);
            await browser.Press("Delete", 46);
            await browser.Once($"document.querySelector('#verdict').textContent === '-' && {Answer}.slot === undefined");

            var median = times.Order().ElementAt(Strokes / 2);
            output.WriteLine($"from the end of a stroke to the answer: {median:0} ms (median of {Strokes}), {times.Max():0} ms at most");
            Assert.InRange(median, 0, MostMilliseconds);
            Assert.Equal("true", Text(first, "live"));
            Assert.Equal(Text(first, "strokes"), Text(later, "strokes")); // nobody has drawn in between
            Assert.Equal(4, shares.GetArrayLength());
            Assert.Equal(["silo-1", "silo-1"], places.EnumerateArray().Select(silo => silo.GetString()));
            Assert.Empty(browser.Complaints);
        }
        finally
        {
            running.Kill();
        }
    }

    [Fact]
    public async Task The_address_is_told_beside_JSON_and_given_to_the_program_that_opens_browsers()
    {
        var (opener, opened) = (At("bin", "xdg-open"), At("opened"));
        Directory.CreateDirectory(At("bin"));
        await File.WriteAllTextAsync(opener, $"#!/bin/sh\necho \"$1\" >{opened}.new && mv {opened}.new {opened}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(opener, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var path = $"{At("bin")}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";

        var console = new Ff(Folder) { Variables = new Dictionary<string, string> { ["PATH"] = path } };
        var result = await console.Run(["train", .. Small, "--name", "short", "--json", "--live", "--open"]);
        while (!File.Exists(opened))
        {
            await Task.Delay(Pace);
        }

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal("short", result.Json.GetProperty("run").GetString());
        Assert.Matches("(?m)^live {18}http://127[.]0[.]0[.]1:[0-9]+/live$", result.Error);
        Assert.Contains($" {await File.ReadAllTextAsync(opened)}", result.Error, StringComparison.Ordinal);
    }

    // Bars of both layers, which change as these learn, and are read out.
    private static async Task Layers(Browser browser)
    {
        Assert.Equal(0, (await browser.Value("document.querySelectorAll('#findings svg').length")).GetInt32());
        await browser.Click("#finding summary");
        const string Heights = "[...document.querySelectorAll('#findings rect')].map(bar => bar.getAttribute('height')).join()";
        var heights = (await browser.Once($"document.querySelectorAll('#findings rect').length === 8 && {Heights}")).GetString();
        await browser.Once($"{Heights} !== '{heights}'");
        var said = await browser.Value("[...document.querySelectorAll('#findings svg')].map(svg => svg.getAttribute('aria-label'))");
        Assert.All(
            said.EnumerateArray().Select((text, layer) => (Text: text.GetString()!, Layer: layer + 1)),
            one => Assert.Matches($"^Layer {one.Layer} finds [0-3][.] Goodness: 0 [^;]+, 3 [^;]+; with the neutral label ", one.Text)
        );
        var neutral = await browser.Value("document.querySelector('#found').textContent");
        Assert.StartsWith("The neutral pass, which the readout reads, says ", neutral.GetString(), StringComparison.Ordinal);
    }

    private static async Task TestImage(Browser browser)
    {
        await browser.Click("#tests summary");
        await browser.Once("document.querySelectorAll('#samples button').length === 24");
        await browser.Click("#samples li:nth-child(3) button");
        var said = await browser.Once(
            "document.querySelector('#truth').textContent && ['#truth', '#verdict'].map(id => document.querySelector(id).textContent)"
        );
        Assert.Equal($"It is a 2: {(said[1].GetString() == "2" ? "right" : "wrong")}.", said[0].GetString());
    }

    // A sign is taught, stands in the list, and is taken back.
    private static async Task Lesson(Browser browser)
    {
        await browser.Press("Delete", 46);
        await browser.Stroke("#canvas", "pen", (0.2, 0.2), (0.5, 0.8), (0.8, 0.2));
        await browser.Click("#labels button:nth-child(4)");
        await browser.Once(
            "document.querySelector('#taught').textContent.startsWith('Taught that this is a 3: it is learned with batch ')"
        );
        await browser.Click("#lessons li button");
        await browser.Once("document.querySelector('#taught').textContent === 'Took back that this is a 3.'");
        var lessons = await browser.Once(
            "document.querySelectorAll('#lessons li.gone').length === 1 && "
                + "[...document.querySelectorAll('#lessons span')].map(lesson => lesson.textContent)"
        );
        Assert.Matches("^3, at .+, batch [0-9,]+; taken back$", Assert.Single(lessons.EnumerateArray()).GetString());
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static async Task<string> Address(StreamReader errors)
    {
        while (await errors.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("live ", StringComparison.Ordinal))
            {
                _ = errors.ReadToEndAsync(); // so that it can write on
                return line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            }
        }

        throw new InvalidOperationException("The run tells no address.");
    }
}
