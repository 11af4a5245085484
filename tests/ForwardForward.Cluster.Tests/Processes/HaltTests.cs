using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Runs that come to rest at a checkpoint and go on from it on other silos.</summary>
public sealed class HaltTests
{
    [RedisTheory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_paused_run_goes_on_with_more_silos_and_with_fewer(bool hasShortcut) =>
        FragileCluster.With(
            1,
            async (cluster, silos) =>
            {
                await cluster.Train(silos[0], "nomad", hasShortcut ? FragileCluster.Shortcut : []);
                await silos[0].Until("nomad", run => run.Slot > 0);
                var one = await Stop(silos[0]);

                var more = await cluster.StartSilos("silo-2", "silo-3");
                await Resume(silos[0]);
                var three = await Stop(silos[0]);

                Array.ForEach([silos[0], more[0]], silo => silo.Process.Kill());
                await Resume(more[1]);
                var after = await more[1].GoesOnAsTheReference("nomad");

                Assert.Equal(
                    [
                        ["silo-1"],
                        ["silo-1", "silo-2", "silo-3"],
                        ["silo-3"],
                    ],
                    new[] { one, three, after }.Select(Silos)
                );
                Assert.True(
                    0 < one.Slot && one.Slot < three.Slot && three.Slot < after.Slot,
                    $"It was stopped at the slots {one.Slot} and {three.Slot} of {after.Slots}."
                );
                Assert.Equal((0, 0), (after.Recoveries, after.RedoneSlots));
            }
        );

    private static IEnumerable<string> Silos(RunStatus run) => run.Plan.Select(place => place.Silo).Distinct().Order();

    private static async Task<RunStatus> Stop(FragileSilo by)
    {
        var stopped = await (await by.Coordinator("nomad")).Pause();
        Assert.Equal(RunState.Paused, stopped.State);
        return stopped;
    }

    private static async Task Resume(FragileSilo by)
    {
        await by.Until("nomad", run => run.State == RunState.Paused); // wherever its coordinator is now
        var resumed = await (await by.Coordinator("nomad")).Resume();
        Assert.Equal(RunState.Running, resumed.State);
        await by.Until("nomad", run => run.Slot > resumed.FirstSlot);
    }
}
