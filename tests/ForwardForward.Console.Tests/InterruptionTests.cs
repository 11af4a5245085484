using System.Runtime.InteropServices;
using System.Text.Json;

namespace ForwardForward.Console.Tests;

public sealed partial class InterruptionTests : Workplace
{
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private const int SigStop = 19;
    private const int SigCont = 18;
    private static readonly TimeSpan LongerThanAnAnswerMayTake = TimeSpan.FromSeconds(7);

    [Theory]
    [InlineData(SigInt, "--reference")]
    [InlineData(SigTerm, "--reference")]
    [InlineData(SigInt, "--silos=1")]
    public async Task A_signal_in_the_middle_closes_the_run_and_says_where_it_is(int signal, string runner)
    {
        using var running = Console.Start(["train", .. Small, "--epochs", "100000", "--name", "long", runner]);
        while (await running.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("epoch", StringComparison.Ordinal)) { }

        Assert.Equal(0, Kill(running.Id, signal));
        var result = await Ff.Finish(running);

        Assert.Equal(130, result.ExitCode);
        Assert.Contains(At("runs", "long"), result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        var summary = JsonDocument.Parse(await File.ReadAllTextAsync(At("runs", "long", "summary.json"))).RootElement;
        Assert.Equal("interrupted", summary.GetProperty("state").GetString());
        Assert.Empty(Directory.GetFiles(At("runs", "long"), "*.tmp"));
    }

    [Fact]
    public async Task A_run_that_was_held_still_goes_on_to_the_same_bytes()
    {
        string[] spec = ["train", .. Small, "--epochs", "3000", "--json"];
        using var running = Console.Start([.. spec, "--name", "held", "--silos=2"]);
        while (await running.StandardError.ReadLineAsync() is { } line && !line.StartsWith("epoch 5", StringComparison.Ordinal)) { }

        Assert.Equal(0, Kill(running.Id, SigStop));
        await Task.Delay(LongerThanAnAnswerMayTake);
        Assert.Equal(0, Kill(running.Id, SigCont));
        var held = await Ff.Finish(running);
        var reference = await Console.Run([.. spec, "--reference"]);

        Assert.True(held.ExitCode == 0, held.Error);
        Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), held.Json.GetProperty("stateHash").GetString());
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
