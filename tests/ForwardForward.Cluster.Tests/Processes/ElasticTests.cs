using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>
/// Silos that join while a run trains. Each has a core of its own here, since silos that share their cores add nothing to a run.
/// </summary>
public sealed class ElasticTests
{
    [TwoCoresFact]
    public Task A_run_takes_in_a_silo_that_joins_and_does_no_slot_twice() =>
        FragileCluster.With(
            0,
            async (cluster, _) =>
            {
                var first = await cluster.StartSilo("silo-1", before: OnCore(0));
                await cluster.Train(first, "elastic", "--set", "checkpoint.rebalance=true");
                var alone = await first.Until("elastic", run => run.Slot > 0);

                await cluster.StartSilo("silo-2", before: OnCore(1));
                var moved = await first.Until("elastic", run => run.Generation > alone.Generation && run.State == RunState.Running);
                var done = await cluster.EndsAsTheReference(first, "elastic");

                Assert.Equal(["silo-1"], alone.Plan.Select(place => place.Silo).Distinct());
                Assert.Contains("silo-2", moved.Plan.Select(place => place.Silo));
                Assert.Equal((0, 0, moved.Generation), (done.Recoveries, done.RedoneSlots, done.Generation));
            }
        );

    [TwoCoresFact]
    public Task A_run_that_may_not_move_stays_where_it_is() =>
        FragileCluster.With(
            0,
            async (cluster, _) =>
            {
                var first = await cluster.StartSilo("silo-1", before: OnCore(0));
                await cluster.Train(first, "settled");
                await first.Until("settled", run => run.Slot > 0);

                var second = await cluster.StartSilo("silo-2", before: OnCore(1));
                var joined = await second.Until("settled", _ => true); // it knows the others
                var done = await cluster.EndsAsTheReference(first, "settled");

                Assert.Equal(RunState.Running, joined.State);
                Assert.Equal(["silo-1"], done.Plan.Select(place => place.Silo).Distinct());
                Assert.Equal((0, joined.Generation), (done.Recoveries, done.Generation));
            }
        );

    private static string[] OnCore(int core) => ["taskset", "-c", $"{core}"];
}
