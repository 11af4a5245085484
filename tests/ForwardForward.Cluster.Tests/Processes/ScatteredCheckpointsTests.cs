using System.Globalization;
using System.Text.RegularExpressions;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Silos without any storage that they share: what a lost one kept is fetched from its neighbour.</summary>
public sealed partial class ScatteredCheckpointsTests
{
    private const int EverySlots = 200;

    [RedisTheory]
    [InlineData(1)]
    [InlineData(2)]
    public Task A_run_whose_silo_is_lost_with_its_disk_goes_on_from_a_checkpoint(int lost) =>
        On(
            async (cluster, silos) =>
            {
                await Lose(cluster, silos[lost - 1]);
                var after = await silos[2].GoesOnAsTheReference("lucky", run => run.Recoveries > 0);
                var exported = await cluster.Console.Run("export", "lucky", "--cluster", silos[2].Gateway);

                Assert.True(exported.ExitCode == 0, exported.Error); // its parts are on several silos
                Assert.All(TakenUp(silos), slot => Assert.True(slot > 0, "The run began anew."));
                Assert.DoesNotContain($"silo-{lost}", after.Plan.Select(place => place.Silo));
                // one that was on its way to the silo as it was killed
                Assert.All(
                    silos.SelectMany(silo => silo.Said("has no checkpoint of slot")),
                    line => Assert.Contains($"silo-{lost}", line, StringComparison.Ordinal)
                );
                await Event.Of(
                    "every other silo keeps a newer checkpoint",
                    () =>
                        Task.FromResult(
                            silos.Where(silo => silo.Name != $"silo-{lost}").All(silo => NewestKept(cluster, silo) > TakenUp(silos).Max())
                        ),
                    TimeSpan.FromMinutes(1)
                );
            }
        );

    [RedisFact]
    public Task A_file_that_is_damaged_on_the_silo_that_keeps_the_copy_makes_the_checkpoint_before_it_the_newest() =>
        On(
            async (cluster, silos) =>
            {
                await (await silos[0].Coordinator("lucky")).Pause();
                var newest = Directory.GetDirectories(RunOn(cluster, silos[1])).Max()!;
                var copied = Directory.GetFiles(newest, "*.safetensors").Select(Path.GetFileName).ToHashSet();

                await Lose(cluster, silos[1]);
                foreach (
                    var copy in new[] { silos[0], silos[2] }
                        .SelectMany(silo => Directory.GetFiles(Path.Combine(RunOn(cluster, silo), Path.GetFileName(newest))))
                        .Where(file => copied.Contains(Path.GetFileName(file)))
                )
                {
                    Damage(copy);
                }

                var resumed = await cluster.Console.Run("resume", "lucky", "--cluster", silos[0].Gateway, "--json");
                Assert.True(resumed.ExitCode == 0, resumed.Error);
                await silos[0].GoesOnAsTheReference("lucky");

                var slot = int.Parse(Path.GetFileName(newest).AsSpan(0, 10), CultureInfo.InvariantCulture);
                Assert.Matches(
                    $@"passes over a checkpoint: The checkpoint of slot {slot}, generation \d+ lacks [a-z0-9.-]+: on the silo "
                        + @"silo-[13] \(.*\) .* is damaged: its bytes do not match",
                    string.Join('\n', silos.SelectMany(silo => silo.Said("passes over a checkpoint")))
                );
                Assert.All(TakenUp(silos), taken => Assert.InRange(taken, 1, slot));
            }
        );

    [RedisFact]
    public Task A_cluster_that_was_killed_as_a_whole_waits_for_the_silos_that_keep_the_last_checkpoint() =>
        On(
            async (cluster, silos) =>
            {
                Array.ForEach(silos, silo => silo.Process.Kill());
                await Task.WhenAll(silos.Select(silo => silo.Ended()));

                var again = await Task.WhenAll(silos.Select(silo => cluster.StartSilo(silo.Name, silo.Place)).ToList());
                await again[0].GoesOnAsTheReference("lucky", run => run.Recoveries > 0);

                Assert.All(TakenUp(again), slot => Assert.True(slot > 0, "The run began anew."));
            }
        );

    // Three silos, on which a run trains that has kept its state.
    private static Task On(Func<FragileCluster, FragileSilo[], Task> act) =>
        FragileCluster.With(
            0,
            async (cluster, _) =>
            {
                cluster.SharesCheckpoints = false;
                var silos = await cluster.StartSilos("silo-1", "silo-2", "silo-3");
                await cluster.Train(silos[0], "lucky", "--set", $"checkpoint.everySlots={EverySlots}");
                await silos[0].Until("lucky", run => run.LastCheckpointSlot > EverySlots);
                await act(cluster, silos);
            }
        );

    private static async Task Lose(FragileCluster cluster, FragileSilo silo)
    {
        silo.Process.Kill();
        await silo.Ended();
        Directory.Delete(cluster.CheckpointsOf(silo.Name), recursive: true);
    }

    private static void Damage(string file)
    {
        using var stream = File.Open(file, FileMode.Open);
        stream.Seek(-1, SeekOrigin.End);
        var last = stream.ReadByte();
        stream.Seek(-1, SeekOrigin.End);
        stream.WriteByte((byte)(last ^ 1));
    }

    private static string RunOn(FragileCluster cluster, FragileSilo silo) => Path.Combine(cluster.CheckpointsOf(silo.Name), "lucky");

    private static int NewestKept(FragileCluster cluster, FragileSilo silo) =>
        Directory
            .GetDirectories(RunOn(cluster, silo))
            .Where(checkpoint => File.Exists(Path.Combine(checkpoint, "manifest.json")))
            .Max(checkpoint => int.Parse(Path.GetFileName(checkpoint).AsSpan(0, 10), CultureInfo.InvariantCulture));

    /// <summary>The slots that the run was taken up at, of which there is one at least.</summary>
    private static List<int> TakenUp(FragileSilo[] silos)
    {
        List<int> slots =
        [
            .. silos
                .SelectMany(silo => silo.Said("is taken up at slot"))
                .Select(line => int.Parse(TakenUpLine().Match(line).Groups[1].Value, CultureInfo.InvariantCulture)),
        ];
        Assert.NotEmpty(slots);
        return slots;
    }

    [GeneratedRegex(@"Run lucky .* is taken up at slot (\d+)")]
    private static partial Regex TakenUpLine();
}
