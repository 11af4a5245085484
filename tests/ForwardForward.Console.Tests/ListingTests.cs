namespace ForwardForward.Console.Tests;

public sealed class ListingTests : Workplace
{
    [Fact]
    public async Task Presets_are_listed_with_a_line_each()
    {
        var text = await Run("presets");
        var json = await Run("presets", "--json");

        var names = json.Json.EnumerateArray().Select(preset => preset.GetProperty("name").GetString()!).ToList();
        Assert.Contains("supervised-quick", names);
        Assert.Equal(names, text.Output.TrimEnd('\n').Split('\n').Select(line => line.Split(' ')[0]));
        Assert.All(json.Json.EnumerateArray(), preset => Assert.NotEqual("", preset.GetProperty("description").GetString()));
    }

    [Fact]
    public async Task A_shown_preset_is_a_spec_that_trains()
    {
        var shown = await Run("presets", "show", "supervised-quick");
        await File.WriteAllTextAsync(At("mine.json"), shown.Output);

        var result = await Run(["train", "mine.json", .. Small, "--reference", "--json"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("mine-1", result.Json.GetProperty("run").GetString());
    }

    [Fact]
    public async Task Data_sets_are_listed_with_the_place_they_are_kept_in()
    {
        var json = await Run("data", "--json");

        var mnist = json.Json.EnumerateArray().Single(data => data.GetProperty("name").GetString() == "mnist");
        Assert.Equal((At("cache", "mnist"), false), (mnist.GetProperty("folder").GetString(), mnist.GetProperty("complete").GetBoolean()));
        Assert.False(Directory.Exists(At("cache")));
    }

    [Fact]
    public async Task Runs_are_listed_and_shown_from_their_folders()
    {
        await Train("--reference", "--name", "first");
        Directory.CreateDirectory(At("runs", "going"));
        File.Copy(At("runs", "first", "spec.json"), At("runs", "going", "spec.json"));
        File.Copy(At("runs", "first", "metrics.jsonl"), At("runs", "going", "metrics.jsonl"));

        using var held = new FileStream(At("runs", "going", ".running"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var list = await Run("runs", "--json");
        var first = await Run("runs", "show", "first", "--json");
        var byFolder = await Run("runs", "show", "runs/first", "--json");
        var beside = await Run("runs", "--out", "runs/first", "--json");
        var going = await Run("runs", "show", "going", "--json");
        await held.DisposeAsync();
        var killed = await Run("runs", "show", "going");
        var table = await Run("runs");

        Assert.Equal(["first", "going"], list.Json.EnumerateArray().Select(run => run.GetProperty("run").GetString()).Order());
        Assert.Equal(("done", 2), (first.Json.GetProperty("state").GetString(), first.Json.GetProperty("epoch").GetInt32()));
        Assert.Equal(first.Json.GetProperty("slots").GetInt64(), first.Json.GetProperty("slot").GetInt64());
        Assert.Equal(first.Output, byFolder.Output);
        Assert.Equal(list.Output, beside.Output);
        Assert.Equal(("running", 2), (going.Json.GetProperty("state").GetString(), going.Json.GetProperty("epoch").GetInt32()));
        var lines = table.Output.TrimEnd('\n').Split('\n');
        // what comes after it fits in where the times are short
        Assert.Matches("^run +where +state +data +epoch +error, fast +by goodness", lines[0]);
        Assert.Contains(
            lines,
            line => System.Text.RegularExpressions.Regex.IsMatch(line, "^first +here +done +tiny +2/2 +[0-9.]+ % +[0-9.]+ %")
        );
        Assert.Contains(
            lines,
            line => line.StartsWith("going", StringComparison.Ordinal) && line.Contains("interrupted", StringComparison.Ordinal)
        );
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("going: interrupted, epoch 2 of 2", killed.Output, StringComparison.Ordinal);
        Assert.Contains("The run's process was killed.", killed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_summary_is_damaged_does_not_hide_the_others()
    {
        await Train("--reference", "--name", "good");
        foreach (var (name, damage) in new[] { ("bad", "{ \"run\": "), ("empty", "null") })
        {
            Directory.CreateDirectory(At("runs", name));
            File.Copy(At("runs", "good", "spec.json"), At("runs", name, "spec.json"));
            await File.WriteAllTextAsync(At("runs", name, "summary.json"), damage);
        }

        var list = await Run("runs", "--json");

        var states = list
            .Json.EnumerateArray()
            .ToDictionary(run => run.GetProperty("run").GetString()!, run => run.GetProperty("state").GetString());
        Assert.Equal(("done", "failed", "failed"), (states["good"], states["bad"], states["empty"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("train")]
    [InlineData("presets")]
    [InlineData("presets show")]
    [InlineData("data")]
    [InlineData("data get")]
    [InlineData("runs")]
    [InlineData("runs show")]
    [InlineData("runs delete")]
    [InlineData("runs rename")]
    [InlineData("watch")]
    [InlineData("stop")]
    [InlineData("resume")]
    [InlineData("report")]
    [InlineData("compare")]
    [InlineData("sweep")]
    [InlineData("cluster")]
    [InlineData("cluster up")]
    [InlineData("cluster status")]
    [InlineData("cluster down")]
    [InlineData("bench")]
    [InlineData("bench step")]
    [InlineData("bench transport")]
    [InlineData("doctor")]
    [InlineData("completion")]
    public async Task Every_verb_has_help_with_an_example(string verb)
    {
        var result = await Run([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains($"Example: ff {verb}".TrimEnd(), result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_of_verbs_says_of_each_in_a_few_words_what_its_own_help_says_whole()
    {
        const int Longest = 115; // two lines of 80 columns each at most
        var all = await Run("--help");
        var one = await Run("predict", "--help");

        Assert.Contains("Says what images show.", all.Output, StringComparison.Ordinal);
        Assert.Contains("Says what images show: class and probabilities", one.Output, StringComparison.Ordinal);
        Assert.All(all.Output.Split('\n'), line => Assert.InRange(line.Length, 0, Longest));
    }
}
