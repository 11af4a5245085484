using System.Text.Json;
using ForwardForward.Console.Sweeps;
using ForwardForward.Learning.Specs;
using Spectre.Console;

namespace ForwardForward.Console.Tests.Sweeps;

[Trait("Category", "Unit")]
public sealed class LiveSweepViewTests
{
    private const int Trials = 30;
    private static readonly SweepPlan Plan = new()
    {
        Experiment = "supervised-quick",
        Spec = JsonDocument.Parse(SpecReader.Write(new ExperimentSpec { Epochs = 4 })).RootElement,
        Fields = ["optimizer.learningRate"],
        HoldOut = 1000,
        Seeds = [1],
        Trials =
        [
            .. Enumerable
                .Range(1, Trials)
                .Select(trial => new Setting(
                    trial,
                    new Dictionary<string, JsonElement> { ["optimizer.learningRate"] = JsonDocument.Parse($"0.{trial:00}").RootElement },
                    Precision.Fp32
                )),
        ],
    };

    [Theory]
    [InlineData(100, 50)]
    [InlineData(80, 24)]
    [InlineData(80, 12)]
    public void A_line_for_each_trial_as_many_as_fit_and_the_best_is_marked(int width, int height)
    {
        var progress = new SweepProgress(Plan, "/somewhere/my-sweep");
        var runs = Plan.Runs(Plan.Trials, null);
        progress.Expect(runs, []);
        for (var trial = 0; trial < 12; trial++)
        {
            progress.Ended(
                trial == 3
                    ? TrialResult.Of(runs[trial], "failed", "It has diverged.")
                    : TrialResult.Of(runs[trial], "done") with
                    {
                        HeldOutErrorFast = 0.5,
                        HeldOutErrorGoodness = (20 - trial) / 100.0,
                    }
            );
        }

        var lines = Drawn(progress, width, height);

        Assert.True(lines.Length < height, $"{lines.Length} lines.");
        Assert.Contains("my-sweep supervised-quick · 30 trials, judged by 1,000", lines[0], StringComparison.Ordinal);
        Assert.Matches(
            @"^ *12 +0\.12 +1 +4/4 +50\.00 % +9\.00 % +0\.0 s +best",
            Assert.Single(lines, line => line.Contains("best", StringComparison.Ordinal))
        );
        var shown = lines.Count(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^ *\d+ +0\.\d+ +1 "));
        Assert.Contains(
            $"11 done, 1 failed, 18 queued{(shown < Trials ? $"; {Trials - shown} not shown" : "")}",
            lines[^1],
            StringComparison.Ordinal
        );
        Assert.Equal(height >= 50, shown == Trials);
    }

    private static string[] Drawn(SweepProgress progress, int width, int height)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        (console.Profile.Width, console.Profile.Height) = (width, height);
        console.Profile.Capabilities.Unicode = true;
        console.Write(new LiveSweepView(console, progress).Render());
        return writer.ToString().TrimEnd('\n').Split('\n');
    }
}
