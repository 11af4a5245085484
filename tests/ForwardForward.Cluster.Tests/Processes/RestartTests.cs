using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A cluster that is killed as a whole, Redis too, and started again elsewhere with what it has on its disk.</summary>
public sealed class RestartTests
{
    [RedisFact]
    public Task A_stopped_run_rests_on_and_does_no_slot_twice_and_one_that_ran_goes_on_by_itself() =>
        FragileCluster.With(
            2,
            async (cluster, silos) =>
            {
                await cluster.Train(silos[0], "sleeper");
                await silos[0].Until("sleeper", run => run.Slot > 0);
                var stopped = await cluster.Console.Run("stop", "sleeper", "--cluster", silos[0].Gateway, "--json");
                var slot = stopped.Json.GetProperty("slot").GetInt64();
                await cluster.Train(silos[0], "restless");
                var before = await silos[0].Until("restless", run => run.LastCheckpointSlot is not null);

                cluster.Redis.Kill();
                Array.ForEach(silos, silo => silo.Process.Kill());
                await Task.WhenAll(silos.Select(silo => silo.Ended()));
                await cluster.StartRedis(elsewhere: true);
                var again = await cluster.StartSilos("silo-1", "silo-2");

                var running = await again[0].GoesOnAsTheReference("restless");
                var asleep = await again[1].Until("sleeper", _ => true);
                var resumed = await cluster.Console.Run("resume", "sleeper", "--cluster", again[0].Gateway, "--json");
                var asked = await cluster.Console.Run("resume", "restless", "--cluster", again[1].Gateway, "--json");
                var awake = await again[0].GoesOnAsTheReference("sleeper");
                var still = await again[0].Until("restless", _ => true);

                Assert.True(running.FirstSlot > before.LastCheckpointSlot, $"It began again at slot {running.FirstSlot}.");
                Assert.True(asked.ExitCode == 0, asked.Error);
                Assert.Equal((1, running.Generation), (still.Recoveries, still.Generation));
                Assert.Equal((RunState.Paused, slot), (asleep.State, asleep.Slot));
                Assert.True(resumed.ExitCode == 0, resumed.Error);
                Assert.Equal(slot, awake.FirstSlot);
                Assert.Equal((0, 0), (awake.Recoveries, awake.RedoneSlots));
            }
        );
}
