using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace ForwardForward.Console.Tests.Sweeps;

public sealed class SweepTests : Workplace
{
    private const string Rates = "optimizer.learningRate=0.01,0.02,0.04";

    [Fact]
    public async Task Trials_at_once_end_in_the_bytes_of_each_alone_and_are_runs_as_any()
    {
        var swept = await Sweep("--grid", Rates, "--parallel", "3", "--name", "s", "--json");

        Assert.True(swept.ExitCode == 0, swept.Error);
        var trials = swept.Json.EnumerateArray().ToList();
        Assert.Equal([1, 2, 3], trials.Select(trial => trial.GetProperty("trial").GetInt32()));
        Assert.Equal(
            [0.01, 0.02, 0.04],
            trials.Select(trial => trial.GetProperty("fields").GetProperty("optimizer.learningRate").GetDouble())
        );
        foreach (var trial in trials)
        {
            var folder = Path.Combine("runs", "s", Text(trial, "folder"));
            var alone = await Run("train", Path.Combine(folder, "spec.json"), "--json", "--out", $"alone-{Text(trial, "folder")}");
            var shown = await Run("runs", "show", folder, "--json");

            Assert.Equal(("done", Text(trial, "stateHash")), (Text(trial, "state"), Text(alone.Json, "stateHash")));
            Assert.Equal(trial.GetProperty("heldOutErrorFast").GetDouble(), alone.Json.GetProperty("testErrorFast").GetDouble());
            Assert.Equal(trial.GetProperty("heldOutErrorGoodness").GetDouble(), alone.Json.GetProperty("testErrorGoodness").GetDouble());
            Assert.Equal(("done", $"s-{Text(trial, "folder")}"), (Text(shown.Json, "state"), Text(shown.Json, "run")));
        }

        var reported = await Run("report", Path.Combine("runs", "s", "trial-002"));
        Assert.True(reported.ExitCode == 0, reported.Error);
        Assert.True(
            JsonElement.DeepEquals(swept.Json, JsonDocument.Parse(await File.ReadAllTextAsync(At("runs", "s", "results.json"))).RootElement)
        );
        var listed = await Run("runs", "--json");
        Assert.Empty(listed.Json.EnumerateArray()); // a sweep is no run
        var told = await Run("runs");
        Assert.StartsWith("Sweeps: s. `", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_data_are_read_once()
    {
        using var first = new FileSystemWatcher(Directory.CreateDirectory(At("runs")).FullName, "summary.json")
        {
            IncludeSubdirectories = true,
        };
        first.Created += (_, _) => File.Delete(At("tiny", "train-images-idx3-ubyte"));
        first.Renamed += (_, _) => File.Delete(At("tiny", "train-images-idx3-ubyte"));
        first.EnableRaisingEvents = true;

        var swept = await Sweep("--grid", Rates, "--json");

        Assert.False(File.Exists(At("tiny", "train-images-idx3-ubyte")));
        Assert.All(swept.Json.EnumerateArray(), trial => Assert.Equal("done", Text(trial, "state")));
    }

    [Fact]
    public async Task It_is_judged_by_training_images_and_its_best_spec_is_the_users_with_the_best_values()
    {
        var swept = await Sweep("--grid", Rates, "--seeds", "3..4", "--set", "testImages=30", "--name", "s", "--best");

        Assert.True(swept.ExitCode == 0, swept.Error);
        using var trial = JsonDocument.Parse(await File.ReadAllTextAsync(At("runs", "s", "trial-001-seed-4", "spec.json")));
        Assert.Equal(
            (33, 30, 4),
            (
                trial.RootElement.GetProperty("holdOut").GetInt32(), // a sixth of 200
                trial.RootElement.GetProperty("testImages").GetInt32(),
                trial.RootElement.GetProperty("seed").GetInt32()
            )
        );
        var best = swept.Json;
        Assert.Equal((0, 1, ""), (Whole(best, "holdOut"), Whole(best, "seed"), Text(best, "datasetSha256")));
        Assert.Matches(@"Trial \d \(optimizer\.learningRate=0\.0\d\) is the best by goodness: .* mean of 2 seeds", swept.Error);
        var means = Results("s")
            .GroupBy(one => one.GetProperty("fields").GetProperty("optimizer.learningRate").GetDouble())
            .ToDictionary(rate => rate.Key, rate => rate.Average(one => one.GetProperty("heldOutErrorGoodness").GetDouble()));
        Assert.Equal(means.MinBy(rate => rate.Value).Key, best.GetProperty("optimizer").GetProperty("learningRate").GetDouble());

        Directory.Delete(At("tiny"), recursive: true); // what is done needs no data
        var again = await Run("sweep", "--resume", "s", "--best");
        Assert.Equal((0, swept.Output), (again.ExitCode, again.Output));
    }

    [Fact]
    public async Task A_trial_that_diverges_is_listed_with_its_reason_and_the_others_go_on()
    {
        string[] diverging = ["--set", "optimizer.weightDecay=1", "--epochs", "50", "--parallel", "2"];

        var swept = await Sweep(["--grid", "optimizer.learningRate=10,0.0001", .. diverging, "--name", "s"]);
        var none = await Sweep(["--grid", "optimizer.learningRate=9,10", .. diverging, "--json"]);
        var best = await Run("sweep", "--resume", "supervised-quick-sweep-1", "--best");

        Assert.True(swept.ExitCode == 0, swept.Error);
        Assert.Equal(["failed", "done"], Results("s").Select(trial => Text(trial, "state")));
        Assert.Matches(@"^Layer \d has diverged at slot \d+: .*\.$", Text(Results("s")[0], "error"));
        Assert.Matches(@"(?m)^trial 1 of 2: optimizer\.learningRate=10, seed 1: failed: Layer \d has diverged", swept.Output);
        Assert.Matches(
            @"(?m)^trial 2 of 2: optimizer\.learningRate=0\.0001, seed 1: [0-9.]+ % held out by goodness, [0-9.]+ s$",
            swept.Output
        );
        Assert.Contains("runs                  1 done, 1 failed\nbest                  trial 2, ", swept.Output, StringComparison.Ordinal);
        Assert.Equal((1, 2), (none.ExitCode, none.Json.EnumerateArray().Count()));
        Assert.Equal((1, ""), (best.ExitCode, best.Output));
    }

    [Fact]
    public async Task With_halving_the_best_third_goes_up_and_begins_anew()
    {
        string[] command = ["--grid", "optimizer.learningRate=0.001,0.01,0.03", "--epochs", "9", "--halving", "--name", "s"];

        var swept = await Sweep([.. command, "--json"]);
        var again = await Sweep([.. command, "--json"]);
        var best = await Run("sweep", "--resume", "s", "--best");

        Assert.True(swept.ExitCode == 0, swept.Error);
        var trials = swept.Json.EnumerateArray().ToList();
        Assert.Equal([1, 1, 1, 3, 9], trials.Select(trial => Whole(trial, "epochs")));
        var first = trials.Take(3).MinBy(trial => trial.GetProperty("heldOutErrorGoodness").GetDouble());
        Assert.All(trials.Skip(3), trial => Assert.Equal(Whole(first, "trial"), Whole(trial, "trial")));
        Assert.Equal(swept.Output, again.Output);
        Assert.Equal(9, Whole(best.Json, "epochs"));
    }

    [Fact]
    public async Task Its_page_has_the_curves_a_chart_of_each_field_and_all_trials_and_needs_nothing_else()
    {
        await Sweep(
            "--grid",
            "optimizer.learningRate=0.001,0.1",
            "--grid",
            "goodness.kind=sumOfSquares,swish",
            "--seeds",
            "1,2",
            "--parallel",
            "4",
            "--name",
            "s"
        );

        var html = await File.ReadAllTextAsync(At("runs", "s", "sweep.html"));
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        var page = XDocument.Load(reader);

        Assert.Equal(2, Of("svg", "chart").Count()); // by the fast test and by goodness
        Assert.Equal(
            ["Error against optimizer.learningRate", "Error against goodness.kind"],
            Of("svg", "scatter").Select(svg => (string)svg.Attribute("aria-label")!)
        );
        Assert.All(Of("svg", "scatter"), svg => Assert.Equal(8, svg.Elements("circle").Count()));
        Assert.Equal(4, Of("svg", "chart").First().Elements("polyline").Count()); // a setting is the mean of its seeds
        Assert.Equal(1 + 4, Of("table", "trials").Single().Elements("tr").Count());
        Assert.Single(Of("tr", "best"));
        Assert.DoesNotMatch("(?:src|href)=\"(?!data:)", html);
        Assert.DoesNotMatch("https?://", html);

        IEnumerable<XElement> Of(string name, string type) =>
            page.Descendants(name).Where(element => ((string?)element.Attribute("class"))?.Split(' ').Contains(type) == true);
    }

    [Fact]
    public async Task Files_that_cannot_be_written_end_no_sweep()
    {
        await Sweep("--grid", Rates, "--name", "s");
        File.Delete(At("runs", "s", "results.json"));
        Directory.CreateDirectory(At("runs", "s", "results.json"));
        Directory.Delete(At("runs", "s", "trial-002"), recursive: true); // who deletes a trial's folder has it run again
        Directory.Delete(At("runs", "s", "trial-003"), recursive: true);
        Directory.CreateDirectory(At("runs", "s", "trial-003", "checkpoints")); // as it is left by who was killed while it deleted it

        var swept = await Run("sweep", "--resume", "s");

        Assert.Equal(0, swept.ExitCode);
        Assert.Contains("results.json cannot be written: it is a folder", swept.Error, StringComparison.Ordinal);
        Assert.All([2, 3], trial => Assert.True(File.Exists(At("runs", "s", $"trial-00{trial}", "summary.json"))));
        Assert.StartsWith(
            "s: supervised-quick, 3 trials, judged by 33 training images that are held out\n1 of 3 runs are over already\n",
            swept.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task By_the_test_images_it_says_what_that_means()
    {
        var swept = await Sweep("--seeds", "1", "--test", "--name", "s");

        Assert.Equal(0, swept.ExitCode);
        Assert.Equal(
            "The trials are judged by the test images: the best one's test error is too good, as it was chosen by it.\n",
            swept.Error
        );
        Assert.Matches(@"(?m)^trial 1 of 1: seed 1: [0-9.]+ % on the test images by goodness", swept.Output);
        using var spec = JsonDocument.Parse(await File.ReadAllTextAsync(At("runs", "s", "trial-001", "spec.json")));
        Assert.Equal(0, Whole(spec.RootElement, "holdOut"));
    }

    private Task<FfResult> Sweep(params string[] more) => Run(["sweep", "supervised-quick", .. Small, .. more]);

    private List<JsonElement> Results(string sweep) =>
        [.. JsonDocument.Parse(File.ReadAllText(At("runs", sweep, "results.json"))).RootElement.EnumerateArray()];

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;

    private static int Whole(JsonElement json, string field) => json.GetProperty(field).GetInt32();
}
