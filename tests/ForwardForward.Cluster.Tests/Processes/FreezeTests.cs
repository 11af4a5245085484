using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Silos whose processes are held still: their sockets are open, and nobody answers.</summary>
public sealed class FreezeTests
{
    private static readonly TimeSpan MaxStandstill = TimeSpan.FromSeconds(15);

    [RedisFact]
    public Task A_run_goes_on_without_a_frozen_silo_which_ends_when_it_is_let_go() =>
        FragileCluster.With(
            2,
            async (cluster, silos) =>
            {
                await cluster.Train(silos[0], "cold");
                var before = await silos[0].Until("cold", run => run.LastCheckpointSlot is not null);
                Assert.Equal(["silo-1", "silo-2"], before.Plan.Select(place => place.Silo).Distinct().Order());

                silos[1].Process.Suspend();
                var without = await silos[0]
                    .Until("cold", run => run.State == RunState.Running && run.Generation > before.Generation, MaxStandstill);
                silos[1].Process.Continue();
                await silos[1].Ended();
                var after = await silos[0].GoesOnAsTheReference("cold");

                Assert.Equal(["silo-1"], without.Plan.Select(place => place.Silo).Distinct());
                Assert.Equal(without.Generation, after.Generation);
            }
        );
}
