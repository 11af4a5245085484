using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ForwardForward.Client.Processes;
using ForwardForward.Contracts.Experiments;
using StackExchange.Redis;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>What is lost, and what is not, when a part of a cluster goes.</summary>
public sealed class LossTests
{
    [RedisFact]
    public Task A_run_without_checkpoints_fails_with_a_sentence_that_names_a_silo() =>
        On(async cluster =>
        {
            var run = await cluster.StartEndless("unlucky", "--set", "checkpoint.everySlots=0");

            ProcessMark.Of("silo", cluster.Silo(2).GetProperty("pid").GetInt32()).Kill();
            var watched = await cluster.Console.Run("watch", run, "--cluster", cluster.Gateway(1));
            var next = await cluster.Train("--json");

            Assert.Equal(1, watched.ExitCode);
            Assert.Matches(
                @"^The (silo silo-2 \(127\.0\.0\.1:\d+\) is gone, and with it layer \d( and layer \d)?|run's coordinator on the "
                    + @"silo silo-\d \(127\.0\.0\.1:\d+\) is gone)\.$",
                watched.Error.Trim()
            );
            Assert.True(next.ExitCode == 0, next.Error);
            Assert.Equal(
                (1, await cluster.ReferenceHash()),
                (next.Json.GetProperty("silos").GetInt32(), next.Json.GetProperty("stateHash").GetString())
            );
        });

    [RedisTheory]
    [InlineData(1)]
    [InlineData(2)]
    public Task A_run_keeps_to_the_bytes_of_the_reference_whichever_silo_is_killed(int silo) =>
        FragileCluster.With(
            2,
            async (cluster, silos) =>
            {
                var seen = (await Trains(cluster, silos[0])).LastCheckpointSlot!.Value;

                silos[silo - 1].Process.Kill();
                var after = await silos[2 - silo].GoesOnAsTheReference("lucky", run => run.Recoveries > 0);

                await SaysTheRecoveryInFiveLines(silos[2 - silo], $"silo-{silo}");
                var loss = after.Incidents.First(incident => incident.Kind == IncidentKind.Loss);
                var checkpoint = Regex.Match(
                    loss.Sentence,
                    $@"^silo-{silo} lost after slot {loss.Slot}; going on from slot (\d+) on 1 silo$"
                );
                Assert.True(checkpoint.Success, loss.Sentence);
                Assert.InRange(long.Parse(checkpoint.Groups[1].Value, CultureInfo.InvariantCulture), seen, loss.Slot);
                Assert.Equal([$"silo-{3 - silo}"], Silos(after));
            }
        );

    [RedisTheory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public Task Signals_from_above_survive_a_silo_that_goes(int silo, bool isKilled) =>
        FragileCluster.With(
            2,
            async (cluster, silos) =>
            {
                await cluster.Train(silos[0], "lucky", "--set", "topDown.iterations=5");
                var before = await silos[0].Until("lucky", run => run.LastCheckpointSlot is not null);

                if (isKilled)
                {
                    silos[silo - 1].Process.Kill();
                }
                else
                {
                    silos[silo - 1].Process.Terminate();
                }

                var after = await silos[2 - silo].GoesOnAsTheReference("lucky", run => run.Generation > before.Generation);

                Assert.Equal(isKilled, after.Recoveries > 0);
                Assert.True(isKilled || after.RedoneSlots == 0);
            }
        );

    [RedisTheory]
    [InlineData(1)]
    [InlineData(2)]
    public Task Convolutional_layers_survive_a_silo_that_is_killed(int silo) =>
        FragileCluster.With(
            2,
            async (cluster, silos) =>
            {
                await cluster.Train(silos[0], "lucky", FragileCluster.Shortcut);
                var begun = await silos[0].Until("lucky", run => run.LastCheckpointSlot is not null);
                Assert.NotEqual(begun.Plan[1].Silo, begun.Plan[2].Silo); // between which the shortcut crosses

                silos[silo - 1].Process.Kill();
                await silos[2 - silo].GoesOnAsTheReference("lucky", run => run.Recoveries > 0);
            }
        );

    [RedisFact]
    public Task A_run_goes_on_with_the_data_it_began_with_and_no_other() =>
        FragileCluster.With(
            2,
            async (cluster, silos) =>
            {
                await Trains(cluster, silos[0]);
                var own = await File.ReadAllBytesAsync(cluster.Labels);
                await File.WriteAllBytesAsync(cluster.Labels, [.. own[..^1], (byte)(own[^1] ^ 1)]);

                silos[0].Process.Kill(); // with the source
                await silos[1].Says("The run cannot be taken up again: The silo silo-2 cannot use the data: ");
                var waiting = await silos[1].Until("lucky", _ => true);
                await File.WriteAllBytesAsync(cluster.Labels, own);
                var after = await silos[1].GoesOnAsTheReference("lucky");

                Assert.Contains(
                    "holds other data than the run began with",
                    silos[1].Said("cannot use the data")[0],
                    StringComparison.Ordinal
                );
                Assert.Equal(RunState.Recovering, waiting.State);
                Assert.Matches("^[0-9a-f]{64}$", after.Spec.DatasetSha256);
            }
        );

    [RedisTheory]
    [InlineData("shards=1,4,1", 1)]
    [InlineData("shards=1,4,1", 2)]
    [InlineData("replicas=1,4,1", 1)]
    [InlineData("replicas=1,4,1", 2)]
    public Task Layers_whose_parts_are_on_two_silos_survive_one_that_is_killed(string parts, int silo) =>
        FragileCluster.With(
            2,
            async (cluster, silos) =>
            {
                await cluster.Train(silos[0], "lucky", "--set", parts);
                var begun = await silos[0].Until("lucky", run => run.LastCheckpointSlot is not null);
                Assert.Equal(2, begun.Plan.Where(place => place.Layer == 2).Select(place => place.Silo).Distinct().Count());

                silos[silo - 1].Process.Kill();
                await silos[2 - silo].GoesOnAsTheReference("lucky", run => run.Recoveries > 0);
            }
        );

    [RedisTheory]
    [InlineData(1)]
    [InlineData(2)]
    public Task A_silo_that_is_asked_to_end_hands_its_runs_over_with_all_they_have_done(int silo) =>
        FragileCluster.With(
            2,
            async (cluster, silos) =>
            {
                await Trains(cluster, silos[0]);

                silos[silo - 1].Process.Terminate();
                await silos[silo - 1].Ended();
                var after = await silos[2 - silo].GoesOnAsTheReference("lucky");

                Assert.Equal((0, 0), (after.Recoveries, after.RedoneSlots));
                Assert.Contains(
                    after.Incidents,
                    incident =>
                        incident.Kind == IncidentKind.Move
                        && incident.Sentence.StartsWith($"silo-{silo} shut down after slot", StringComparison.Ordinal)
                );
                Assert.Equal([$"silo-{3 - silo}"], Silos(after));
            }
        );

    [RedisFact]
    public Task A_run_outlives_two_of_three_silos_that_are_killed_at_once() =>
        FragileCluster.With(
            3,
            async (cluster, silos) =>
            {
                await Trains(cluster, silos[0]);

                silos[0].Process.Kill(); // with the coordinator
                silos[1].Process.Kill();
                var after = await silos[2].GoesOnAsTheReference("lucky", run => run.Recoveries > 0);

                Assert.Equal(["silo-3"], Silos(after));
            }
        );

    [RedisFact]
    public Task A_silo_that_is_killed_and_at_once_started_again_in_its_place_is_noticed() =>
        FragileCluster.With(
            2,
            async (cluster, silos) =>
            {
                await Trains(cluster, silos[0]);

                silos[1].Process.Kill();
                await silos[1].Ended();
                await cluster.StartSilo("silo-2", silos[1].Place);
                await silos[0].GoesOnAsTheReference("lucky", run => run.Recoveries > 0);
            }
        );

    [RedisFact]
    public Task Training_goes_on_while_Redis_is_down_and_its_result_is_stored_when_it_is_back() =>
        On(async cluster =>
        {
            var started = await cluster.Train("--epochs", "500", "--detach", "--json", "--name", "lonely");
            Assert.True(started.ExitCode == 0, started.Error);

            var port = cluster.Redis.Split(':')[1];
            var data = Path.Combine(cluster.Folder, "state", "forwardforward", "cluster", "redis");
            // a cluster that another test starts meanwhile would take the port, and these silos would write their table into its Redis
            await using var ports = await PortLock.Take(CancellationToken.None);
            await Shut(cluster.Redis);
            var unreachable = await cluster.Train("--json", "--name", "not-now");
            var done = await cluster.Console.Run("watch", "lonely", "--cluster", cluster.Gateway(2), "--json");
            using var redis = Process.Start(
                RedisProgram.Expect(),
                ["--port", port, "--bind", "127.0.0.1", "--dir", data, "--appendonly", "yes", "--logfile", "/dev/null"]
            )!;
            await Stored(cluster.Redis, "lonely", done.Json.GetProperty("stateHash").GetString()!);
            var after = await cluster.Train("--json", "--name", "now");

            Assert.Equal(1, unreachable.ExitCode);
            Assert.Equal(
                "The cluster cannot read or write the state of its runs, expected its Redis to answer; runs that train go on.",
                unreachable.Error.Trim()
            );
            Assert.True(done.ExitCode == 0, done.Error);
            Assert.Equal(await cluster.ReferenceHash("--epochs", "500"), done.Json.GetProperty("stateHash").GetString());
            Assert.True(after.ExitCode == 0, after.Error);
            redis.Kill();
        });

    // A coordinator that comes after a lost one has the slots of the run's record, which may be of before the first checkpoint.
    private const string OldKnowledge = @"(after slot \d+|before a slot was known to be through)";

    // What was lost and why, how far back, what moved, where it goes on, when it is where it was; and of what the framework makes of it
    // nothing but what is in a line each.
    private static async Task SaysTheRecoveryInFiveLines(FragileSilo left, string lost)
    {
        await left.Says(" s after the loss"); // where no slot is done again, it comes after the state that the run is asked for
        var told = string.Join('\n', left.Said("Run lucky ("));
        var recovery = Regex.Match(
            told,
            $@"warn: Run lucky \(generation (\d+), {left.Name}\): lost {OldKnowledge}: The (silo {lost} \(\S+\) is gone|"
                + $@"run's coordinator on the silo {lost} \(\S+\) is gone).*\n.*"
                + $@"info: Run lucky \(generation \d+, {left.Name}\): goes back to the checkpoint of slot (\d+), and is taken up at slot "
                + @"\d+ \[.*\n.*"
                + $@": layers? .* moves? from {lost} to {left.Name}.*\n.*"
                + @": goes on at slot \d+ of \d+; slots done again: \d+ \[.*\n.*"
                + @": is through slot \d+ again, \d+\.\d s after the loss \["
        );
        Assert.True(recovery.Success, told);
        Assert.NotEmpty(left.Said($"The silo {lost} ("));
        Assert.Empty(left.Said("   at "));
        Assert.Empty(left.Said("[Orleans.Runtime.CallbackData").Concat(left.Said("[Orleans.Runtime.Messaging.Connection ")));
    }

    // On every silo, with a checkpoint to go on from.
    private static async Task<RunStatus> Trains(FragileCluster cluster, FragileSilo by)
    {
        await cluster.Train(by, "lucky");
        return await by.Until("lucky", run => run.LastCheckpointSlot is not null);
    }

    private static IEnumerable<string> Silos(RunStatus run) => run.Plan.Select(place => place.Silo).Distinct();

    private static async Task On(Func<BreakableCluster, Task> act)
    {
        var cluster = new BreakableCluster();
        try
        {
            await cluster.InitializeAsync();
            await act(cluster);
        }
        finally
        {
            await cluster.DisposeAsync();
        }
    }

    private static async Task Shut(string redis)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{redis},allowAdmin=true");
        connection.GetServer(redis).Shutdown(ShutdownMode.Never);
    }

    private static async Task Stored(string redis, string run, string stateHash)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{redis},abortConnect=false");
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var record = await connection.GetDatabase().HashGetAllAsync($"forwardforward/state/experiment/{run}/run");
            if (record.Any(entry => ((byte[])entry.Value!).AsSpan().IndexOf(Encoding.UTF8.GetBytes(stateHash)) >= 0))
            {
                return;
            }

            Assert.True(
                waited.Elapsed < TimeSpan.FromMinutes(2),
                $"The result was not stored: {JsonSerializer.Serialize(record.Select(entry => entry.ToString()))}"
            );
        }
    }
}
