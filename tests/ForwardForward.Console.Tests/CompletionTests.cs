using System.Diagnostics;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Tests;

public sealed class CompletionTests : Workplace
{
    [Theory]
    [InlineData("tr", "train")]
    [InlineData("presets show top", "topdown")]
    [InlineData("train supervised-q", "supervised-quick")]
    [InlineData("train --prec", "--precision")]
    [InlineData("train --precision b", "bf16")]
    [InlineData("train --set epochs=1 --prec", "--precision")]
    [InlineData("train --set epochs=1 supervised-q", "supervised-quick")]
    [InlineData("train --set optimizer.learn", "optimizer.learningRate=")]
    [InlineData("train --set optimizer.kind=ad", "optimizer.kind=adam")]
    [InlineData("train --set images.transposed=t", "images.transposed=true")]
    [InlineData("train --data fa", "fashion-mnist")]
    [InlineData("data get fa", "fashion-mnist")]
    [InlineData("export --format o", "onnx")]
    [InlineData("completion z", "zsh")]
    [InlineData("train --epochs ")]
    public async Task A_word_that_was_begun_is_completed(string line, params string[] words) => Assert.Equal(words, await Suggested(line));

    [Fact]
    public async Task Nothing_begun_shows_verbs_and_no_options()
    {
        var words = await Suggested("");

        Assert.Superset(new HashSet<string> { "train", "report", "cluster", "doctor", "completion" }, words.ToHashSet());
        Assert.DoesNotContain(words, word => word.StartsWith('-') || word.StartsWith('/'));
    }

    [Fact]
    public async Task Every_preset_and_every_field_that_can_be_set_is_suggested()
    {
        Assert.Equal(Presets.Names.Order(), (await Suggested("train ")).Order());
        var fields = await Suggested("train --set ");
        Assert.All(fields, field => Assert.NotNull(SpecFields.Find(field.TrimEnd('='))));
        Assert.Equal(fields.Length, fields.Distinct().Count());
        Assert.Contains("goodness.kind=", fields);
    }

    [Theory]
    [InlineData("report")]
    [InlineData("compare")]
    [InlineData("resume")]
    [InlineData("predict")]
    [InlineData("export")]
    [InlineData("watch")]
    [InlineData("stop")]
    [InlineData("runs show")]
    [InlineData("runs delete")]
    [InlineData("runs rename")]
    public async Task Runs_are_those_of_the_folder_runs(string verb)
    {
        foreach (var run in new[] { "first-1", "second-1" })
        {
            Directory.CreateDirectory(At("runs", run));
            await File.WriteAllTextAsync(At("runs", run, "spec.json"), "{}");
        }

        Directory.CreateDirectory(At("runs", "first-of-something-else"));

        Assert.Equal(["first-1"], await Suggested($"{verb} fi"));
    }

    [Fact]
    public async Task Sweeps_are_those_of_the_folder_runs()
    {
        Directory.CreateDirectory(At("runs", "first-run"));
        Directory.CreateDirectory(At("runs", "first-sweep"));
        await File.WriteAllTextAsync(At("runs", "first-sweep", "sweep.json"), "{}");

        Assert.Equal(["first-sweep"], await Suggested("sweep --resume fi"));
        Assert.Equal(["optimizer.learningRate="], await Suggested("sweep --grid optimizer.learn"));
    }

    [Theory]
    [InlineData("ff tr", "train")]
    [InlineData("./ff train --set optimizer.learn", "optimizer.learningRate=")]
    [InlineData("./ff train --set optimizer.kind=ad", "adam")]
    [InlineData("ff train --set optimizer.kind=ad", "adam")]
    public async Task Bash_completes_what_is_typed(string typed, string completed)
    {
        await File.WriteAllTextAsync(At("ff"), $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "ff.dll")}' \"$@\"\n");
        await File.WriteAllTextAsync(At("complete.bash"), (await FfInProcess.Run(Folder, "completion", "bash")).Output);
        const string Session = """
            chmod +x ff && source ./complete.bash
            COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=($1)
            complete -p ff | grep -q -- '-F _ff_complete ff' && _ff_complete && printf '%s\n' "${COMPREPLY[@]}"
            """;
        var start = new ProcessStartInfo("bash", ["--norc", "-c", Session, "bash", typed])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}";

        var result = await Ff.Finish(Process.Start(start)!);

        Assert.Equal((0, $"{completed}\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData("zsh", "compdef _ff_complete ff")]
    [InlineData("fish", "complete -c ff -f -a '(__ff_complete)'")]
    public async Task Other_shells_have_scripts_of_their_own(string shell, string registration)
    {
        var result = await FfInProcess.Run(Folder, "completion", shell);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(registration, result.Output, StringComparison.Ordinal);
        Assert.Contains("'[suggest]'", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_shell_is_refused()
    {
        var result = await FfInProcess.Run(Folder, "completion", "zhs");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal("SHELL is 'zhs', expected one of bash, zsh, fish; did you mean 'zsh'?\n", result.Error);
    }

    private async Task<string[]> Suggested(string line)
    {
        var result = await FfInProcess.Run(Folder, "[suggest]", line);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
