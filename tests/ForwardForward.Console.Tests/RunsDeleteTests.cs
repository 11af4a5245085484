using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Tests;

public sealed class RunsDeleteTests : Workplace
{
    private readonly FinishedRuns _runs;

    public RunsDeleteTests()
    {
        _runs = new FinishedRuns(At("runs"));
        foreach (var run in new[] { "one", "two", "three" })
        {
            _runs.Add(run, [0.1]);
            Directory.CreateDirectory(At("runs", run, "checkpoints", "0000000009-g000"));
            File.WriteAllBytes(At("runs", run, "checkpoints", "0000000009-g000", "layer-1.safetensors"), new byte[3_000_000]);
        }
    }

    [Fact]
    public async Task Those_that_are_named_are_gone_and_what_they_took_is_said()
    {
        File.WriteAllText(At("runs", "one", "report.html"), "");
        File.WriteAllText(At("runs", "one", ".summary.json.1-abc.tmp"), "");
        var bytes = Directory.GetFiles(At("runs", "two"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

        var one = await Run("runs", "delete", "one", "runs/one/", "--yes");
        var two = await Run("runs", "delete", At("runs", "two"), "--yes", "--json");

        Assert.Equal((0, "one is deleted, 3.0 MB freed.\n", ""), (one.ExitCode, one.Output, one.Error));
        var deleted = Assert.Single(two.Json.EnumerateArray());
        Assert.Equal(
            ("two", At("runs", "two"), bytes),
            (deleted.GetProperty("run").GetString(), deleted.GetProperty("output").GetString(), deleted.GetProperty("bytes").GetInt64())
        );
        Assert.Equal([At("runs", "three")], Directory.GetFileSystemEntries(At("runs")));
    }

    [Theory]
    [InlineData("two nobody", "There is no run 'nobody' in runs.")]
    [InlineData("two running", "The run 'running' is running, expected one that rests: `ff stop running` brings it to rest.")]
    [InlineData("two followed", "The run 'followed' is followed by another console, expected one that is not: end that with Ctrl+C.")]
    [InlineData("two linked", "linked is a link to *three, expected the run's own folder.")]
    [InlineData("two own", "own holds notes.txt, which no run writes, expected nothing but a run's own files: take it out first.")]
    [InlineData("two project", "project/spec.json: there is no field 'name'*")]
    [InlineData("two three", "The run 'next' is not done and starts from a file in *three, expected a run that no other needs.")]
    public async Task Where_one_may_not_be_deleted_none_is(string runs, string sentence)
    {
        _runs.Add("running", [0.1]);
        _runs.Add("own", [0.1]);
        _runs.Add("followed", [0.1], summary => summary with { Where = "127.0.0.1:1" });
        _runs.Add(
            "next",
            [0.1],
            summary => summary with { State = "interrupted" },
            $"start.state={At("runs", "three", "state.safetensors")}"
        );
        await File.WriteAllTextAsync(At("runs", "own", "notes.txt"), "");
        Directory.CreateDirectory(At("project"));
        await File.WriteAllTextAsync(At("project", "spec.json"), """{"name": "of something else"}""");
        Directory.CreateSymbolicLink(At("runs", "linked"), At("runs", "three"));
        using FileStream running = Held("running"),
            followed = Held("followed");
        var before = Everything();

        var refused = await Run(["runs", "delete", .. runs.Split(' '), "--yes"]);

        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.Matches(
            string.Join(".*", sentence.Split('*').Select(System.Text.RegularExpressions.Regex.Escape)) + "$",
            Assert.Single(refused.Error.TrimEnd().Split('\n'))
        );
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task Without_a_terminal_it_has_to_be_said_that_nobody_is_asked()
    {
        var before = Everything();

        var refused = await Console.Run("runs", "delete", "one", "two");

        Assert.Equal(
            (2, "", "There is no terminal to ask on whether to delete 2 runs (one, two), 6.0 MB, expected --yes; nothing was deleted.\n"),
            (refused.ExitCode, refused.Output, refused.Error)
        );
        Assert.Equal(before, Everything());
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData(" Yes ", true)]
    [InlineData("", false)]
    [InlineData("yesterday", false)]
    [InlineData(null, false)]
    public void Nothing_but_yes_is_yes(string? answer, bool isYes) => Assert.Equal(isYes, Agreement.IsYes(answer));

    [Fact]
    public async Task What_links_in_it_point_to_stays()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(At("kept")).FullName, "file"), "kept");
        Directory.CreateSymbolicLink(At("runs", "one", "checkpoints", "elsewhere"), At("kept"));
        Directory.Move(At("runs", "two", "checkpoints"), At("large-disk"));
        Directory.CreateSymbolicLink(At("runs", "two", "checkpoints"), At("large-disk"));

        var deleted = await Run("runs", "delete", "one", "two", "--yes");

        Assert.Equal("one is deleted, 3.0 MB freed.\ntwo is deleted, 0.0 MB freed.\n", deleted.Output);
        Assert.False(Directory.Exists(At("runs", "one")) || Directory.Exists(At("runs", "two")));
        Assert.Equal("kept", await File.ReadAllTextAsync(At("kept", "file")));
        Assert.True(File.Exists(At("large-disk", "0000000009-g000", "layer-1.safetensors")));
    }

    [Fact]
    public async Task A_run_goes_with_the_one_that_starts_from_it()
    {
        _runs.Add(
            "next",
            [0.1],
            summary => summary with { State = "interrupted" },
            $"start.state={At("runs", "three", "state.safetensors")}"
        );

        var deleted = await Run("runs", "delete", "three", "next", "--yes");

        Assert.True(deleted.ExitCode == 0, deleted.Error);
        Assert.Equal([At("runs", "one"), At("runs", "two")], Directory.GetFileSystemEntries(At("runs")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_a_run_of_a_cluster_only_what_was_written_here_goes()
    {
        _runs.Add("there", [0.1], summary => summary with { Where = "127.0.0.1:1" });

        var deleted = await Run("runs", "delete", "there", "--yes");

        Assert.Equal(
            "there is deleted, 0.0 MB freed; the run itself is on the cluster 127.0.0.1:1, which keeps it.",
            deleted.Output.TrimEnd()
        );
        Assert.False(Directory.Exists(At("runs", "there")));
    }

    private FileStream Held(string run) => new(At("runs", run, ".running"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

    private string[] Everything() =>
        [.. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
