using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A disk that takes no checkpoints for a while.</summary>
public sealed class DiskTests
{
    private const int Enough = 32768; // KiB, for all checkpoints of the small network that are there at a time, with what a long run has measured
    private static readonly string[] Long = ["--set", "epochs=3000"]; // must not be over before it is asked to pause and the disk is mended, on a machine that does much else
    private static readonly string[] Endless = ["--set", "epochs=100000"];
    private const string NoCheckpoint = "has no checkpoint of slot";
    private const string GoesOnAnyway = @"^The state of the run 'thrifty' cannot be saved, and it goes on: [^\n]+\.$";
    private static readonly TimeSpan LongestFilling = TimeSpan.FromMinutes(1);

    [DiskFact]
    public Task A_run_goes_on_without_checkpoints_on_a_full_disk_and_takes_them_again_when_there_is_room() => OnSmallDisk(Long, async (cluster, disk, silo) =>
    {
        await Event.Of("a checkpoint does not fit", () => Task.FromResult(Fails(silo, disk)), LongestFilling);

        await GoesOn(cluster, silo, () => Task.Run(disk.Empty));

        Assert.All(silo.Said(NoCheckpoint), line => Assert.Contains("No space left on device", line, StringComparison.Ordinal));
    });

    [DiskFact]
    public Task A_run_goes_on_without_checkpoints_on_a_disk_that_has_become_read_only() => OnSmallDisk(Long, async (cluster, disk, silo) =>
    {
        await disk.MakeReadOnly();
        await silo.Says(NoCheckpoint);

        await GoesOn(cluster, silo, disk.MakeWritable);

        Assert.All(silo.Said(NoCheckpoint), line => Assert.Contains("Read-only file system", line, StringComparison.Ordinal));
    });

    [DiskFact]
    public Task A_console_that_cannot_stop_a_run_says_why_and_that_it_goes_on() => OnSmallDisk(Endless, async (cluster, disk, silo) =>
    {
        await disk.MakeReadOnly();

        var stopped = await cluster.Console.Run("stop", "thrifty", "--cluster", silo.Gateway);
        var going = await silo.Until("thrifty", _ => true);

        Assert.Equal(1, stopped.ExitCode);
        Assert.Matches(GoesOnAnyway, stopped.Error.Trim());
        Assert.Equal(RunState.Running, going.State);
    });

    private static bool Fails(FragileSilo silo, SmallDisk disk)
    {
        disk.Fill(); // again and again: a checkpoint that fitted has removed an older one
        return silo.Said(NoCheckpoint).Length > 0;
    }

    private static Task OnSmallDisk(string[] spec, Func<FragileCluster, SmallDisk, FragileSilo, Task> act) => FragileCluster.With(0, async (cluster, _) =>
    {
        await using var disk = await SmallDisk.At(cluster.CheckpointFolder, Enough);
        var silo = await cluster.StartSilo("silo-1");
        await cluster.Train(silo, "thrifty", spec);
        await silo.Until("thrifty", run => run.LastCheckpointSlot is not null);
        await act(cluster, disk, silo);
    });

    private static async Task GoesOn(FragileCluster cluster, FragileSilo silo, Func<Task> mend)
    {
        var coordinator = await silo.Coordinator("thrifty"); // a console takes seconds to ask, in which a run that saves nothing may end
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(coordinator.Pause);
        var going = await silo.Until("thrifty", _ => true);
        await mend();
        await silo.Until("thrifty", run => run.LastCheckpointSlot > going.Slot);
        var done = await cluster.EndsAsTheReference(silo, "thrifty", Long);

        Assert.Matches(GoesOnAnyway, refused.Message);
        Assert.Equal((RunState.Running, 0), (going.State, done.Recoveries));
    }
}
