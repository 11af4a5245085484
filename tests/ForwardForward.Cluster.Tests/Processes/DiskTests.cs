using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A disk that takes no checkpoints for a while.</summary>
public sealed class DiskTests
{
    private const int Enough = 4096; // KiB, for all checkpoints of the small network that are there at a time
    [DiskTheory]
    [InlineData("size=64k", "size=4096k", "No space left on device")]
    [InlineData("ro", "rw", "Read-only file system")]
    public Task A_run_goes_on_without_checkpoints_and_takes_them_again_when_it_can(string broken, string mended, string sentence) => FragileCluster.With(0, async (cluster, _) =>
    {
        await using var disk = await SmallDisk.At(cluster.CheckpointFolder, Enough);
        var silo = await cluster.StartSilo("silo-1");
        await cluster.Train(silo, "thrifty");
        await silo.Until("thrifty", run => run.LastCheckpointSlot is not null);

        await disk.Change(broken);
        await silo.Says("has no checkpoint of slot");
        var stopped = await cluster.Console.Run("stop", "thrifty", "--cluster", silo.Gateway);
        var going = await silo.Until("thrifty", _ => true);
        await disk.Change(mended);
        await silo.Until("thrifty", run => run.LastCheckpointSlot > going.Slot);
        var done = await cluster.EndsAsTheReference(silo, "thrifty");

        Assert.Equal(1, stopped.ExitCode);
        Assert.Matches(@"^The state of the run 'thrifty' cannot be saved, and it goes on: [^\n]+\.$", stopped.Error.Trim());
        Assert.Equal((RunState.Running, 0), (going.State, done.Recoveries));
        Assert.All(silo.Said("has no checkpoint of slot"), line => Assert.Contains(sentence, line, StringComparison.Ordinal));
    });
}
