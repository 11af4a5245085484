using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Runs that come to rest at a checkpoint and go on from it on other silos.</summary>
public sealed class HaltTests
{
    private static readonly string[] Spec = ["--epochs", "400"];

    [RedisFact]
    public Task A_paused_run_goes_on_with_more_silos_and_with_fewer() => FragileCluster.With(1, async (cluster, silos) =>
    {
        await cluster.Train(silos[0], "nomad", Spec);
        await silos[0].Until("nomad", run => run.Slot > 0);
        var one = await Stop(cluster, silos[0]);

        var more = await cluster.Start("silo-2", "silo-3");
        await Resume(cluster, silos[0]);
        var three = await Stop(cluster, silos[0]);

        Array.ForEach([silos[0], more[0]], silo => silo.Process.Kill());
        await Resume(cluster, more[1]);
        var done = await cluster.EndsAsTheReference(more[1], "nomad", Spec);

        Assert.Equal([["silo-1"], ["silo-1", "silo-2", "silo-3"], ["silo-3"]], new[] { one, three, done }.Select(Silos));
        Assert.True(0 < one.Slot && one.Slot < three.Slot && three.Slot < done.Slot, $"It was stopped at the slots {one.Slot} and {three.Slot} of {done.Slots}.");
        Assert.Equal((0, 0), (done.Recoveries, done.RedoneSlots));
    });

    private static IEnumerable<string> Silos(RunStatus run) => run.Plan.Select(place => place.Silo).Distinct().Order();

    private static async Task<RunStatus> Stop(FragileCluster cluster, FragileSilo by)
    {
        var stopped = await cluster.Console.Run("stop", "nomad", "--cluster", by.Gateway);
        Assert.True(stopped.ExitCode == 0, stopped.Error);
        return await by.Until("nomad", run => run.State == RunState.Paused);
    }

    private static async Task Resume(FragileCluster cluster, FragileSilo by)
    {
        var slot = (await by.Until("nomad", _ => true)).Slot;
        var resumed = await cluster.Console.Run("resume", "nomad", "--cluster", by.Gateway);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        await by.Until("nomad", run => run.Slot > slot);
    }
}
