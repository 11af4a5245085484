using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Redis that is away for a while.</summary>
public sealed class OutageTests
{
    [RedisFact]
    public Task A_silo_that_is_lost_during_an_outage_of_Redis_is_replaced_when_Redis_is_back() =>
        FragileCluster.With(
            2,
            async (cluster, silos) =>
            {
                await cluster.Train(silos[0], "patient");
                var before = await silos[0].Until("patient", run => run.LastCheckpointSlot is not null);

                cluster.Redis.Kill();
                silos[1].Process.Kill();
                await silos[1].Ended();
                await cluster.StartRedis();
                var after = await silos[0].GoesOnAsTheReference("patient", run => run.Recoveries > 0);

                Assert.Equal(["silo-1", "silo-2"], before.Plan.Select(place => place.Silo).Distinct().Order());
                Assert.Equal(["silo-1"], after.Plan.Select(place => place.Silo).Distinct());
            }
        );

    [RedisFact]
    public Task Redis_that_has_lost_its_keys_twice_costs_no_run_anything_and_a_silo_that_joins_is_of_the_same_cluster() =>
        FragileCluster.With(
            2,
            async (cluster, silos) =>
            {
                await cluster.Train(silos[0], "over", "--set", "epochs=3");
                await silos[0].Until("over", run => run.IsOver);
                await cluster.Train(silos[0], "resting");
                await silos[1].Until("resting", run => run.LastCheckpointSlot is not null);
                await (await silos[1].Coordinator("resting")).Pause();
                await cluster.Train(silos[0], "steady");
                var before = await silos[0].Until("steady", run => run.LastCheckpointSlot is not null);

                await cluster.Flush();
                await WrittenAgain(silos, times: 1);
                await cluster.RestartRedisEmpty();
                await WrittenAgain(silos, times: 2);
                var after = await silos[0].Until("steady", _ => true);
                var third = await cluster.StartSilo("silo-3");
                await (await third.Coordinator("resting")).Resume();
                await third.GoesOnAsTheReference("resting");
                await third.GoesOnAsTheReference("steady");
                await (await third.Coordinator("resting")).Pause();
                await (await third.Coordinator("steady")).Pause();
                var list = await cluster.Console.Run("runs", "--cluster", third.Gateway, "--json");

                Assert.True(list.ExitCode == 0, list.Error);
                Assert.Equal((RunState.Running, before.Generation), (after.State, after.Generation));
                Assert.Equal(["steady", "resting", "over"], list.Json.EnumerateArray().Select(run => run.GetProperty("run").GetString()));
                Assert.All(silos, silo => Assert.InRange(silo.Said("Redis had lost").Length, 0, 2));
            }
        );

    private static Task WrittenAgain(FragileSilo[] silos, int times) =>
        Event.Of(
            $"the records are written for the {times}. time",
            async () =>
            {
                await Task.WhenAll(silos.Select(silo => silo.Active()));
                return silos.All(silo => silo.Said("the records of 3 runs are written again").Length >= times);
            },
            TimeSpan.FromMinutes(1),
            () => string.Join('\n', silos.SelectMany(silo => silo.Said("")).TakeLast(20))
        );
}
