namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>
/// A silo that joins while runs train. Each has a core of its own here, since silos that share their cores add nothing to a run.
/// </summary>
public sealed class ElasticTests
{
    [TwoCoresFact]
    public Task A_run_takes_in_a_silo_that_joins_and_does_no_slot_twice_and_one_that_may_not_move_stays_where_it_is() =>
        FragileCluster.With(
            0,
            async (cluster, _) =>
            {
                var first = await cluster.StartSilo("silo-1", before: OnCore(0));
                await cluster.Train(first, "settled");
                await cluster.Train(first, "elastic", "--set", "checkpoint.rebalance=true");
                var alone = await first.Until("elastic", run => run.Slot > 0);

                await cluster.StartSilo("silo-2", before: OnCore(1));
                var moved = await first.GoesOnAsTheReference("elastic", run => run.Generation > alone.Generation);
                var settled = await first.GoesOnAsTheReference("settled"); // although the other one has moved

                Assert.Equal(["silo-1"], alone.Plan.Select(place => place.Silo).Distinct());
                Assert.Contains("silo-2", moved.Plan.Select(place => place.Silo));
                Assert.Equal((0, 0), (moved.Recoveries, moved.RedoneSlots));
                Assert.Equal(["silo-1"], settled.Plan.Select(place => place.Silo).Distinct());
                Assert.Equal((0, alone.Generation), (settled.Recoveries, settled.Generation));
            }
        );

    private static string[] OnCore(int core) => ["taskset", "-c", $"{core}"];
}
