using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ForwardForward.Client.Processes;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Silos without any storage that they share: what a lost one kept is fetched from its neighbour.</summary>
public sealed partial class ScatteredCheckpointsTests
{
    private static readonly string[] Spec = ["--epochs", "800", "--set", "checkpoint.everySlots=200"];

    [RedisTheory]
    [InlineData(1)]
    [InlineData(2)]
    public Task A_run_whose_silo_is_lost_with_its_disk_goes_on_from_a_checkpoint(int lost) =>
        On(async cluster =>
        {
            await StartAndKeep(cluster);

            Lose(cluster, lost);
            var done = await cluster.Console.Run("watch", "lucky", "--cluster", cluster.Gateway(3), "--json");

            Assert.True(done.ExitCode == 0, done.Error);
            var exported = await cluster.Console.Run("export", "lucky", "--cluster", cluster.Gateway(3));
            Assert.True(exported.ExitCode == 0, exported.Error); // its parts are on several silos
            Assert.Equal(await cluster.ReferenceHash(Spec), done.Json.GetProperty("stateHash").GetString());
            Assert.All(TakenUp(cluster), slot => Assert.True(slot > 0, "The run began anew."));
            Assert.NotEmpty(TakenUp(cluster));
            Assert.DoesNotContain(
                $"silo-{lost}",
                done.Json.GetProperty("plan").EnumerateArray().Select(place => place.GetProperty("silo").GetString())
            );
            // one that was on its way to the silo as it was killed
            Assert.All(Missed(cluster), line => Assert.Contains($"silo-{lost}", line, StringComparison.Ordinal));
            Assert.All(
                new[] { 1, 2, 3 }.Where(silo => silo != lost),
                silo => Assert.True(NewestKept(cluster, silo) > TakenUp(cluster).Max(), $"The silo {silo} keeps no newer checkpoint.")
            );
        });

    [RedisFact]
    public Task A_file_that_is_damaged_on_the_silo_that_keeps_the_copy_makes_the_checkpoint_before_it_the_newest() =>
        On(async cluster =>
        {
            const int Lost = 2;
            await StartAndKeep(cluster);
            var stopped = await cluster.Console.Run("stop", "lucky", "--cluster", cluster.Gateway(1), "--json");
            Assert.True(stopped.ExitCode == 0, stopped.Error);
            var newest = Directory.GetDirectories(Path.Combine(cluster.CheckpointsOf(Lost), "lucky")).Max()!;
            var copied = Directory.GetFiles(newest, "*.safetensors").Select(Path.GetFileName).ToHashSet();

            Lose(cluster, Lost);
            foreach (
                var copy in new[] { 1, 3 }
                    .SelectMany(silo => Directory.GetFiles(Path.Combine(cluster.CheckpointsOf(silo), "lucky", Path.GetFileName(newest))))
                    .Where(file => copied.Contains(Path.GetFileName(file)))
            )
            {
                Damage(copy);
            }

            var resumed = await cluster.Console.Run("resume", "lucky", "--cluster", cluster.Gateway(1), "--json");
            Assert.True(resumed.ExitCode == 0, resumed.Error);
            var done = await cluster.Console.Run("watch", "lucky", "--cluster", cluster.Gateway(1), "--json");

            Assert.True(done.ExitCode == 0, done.Error);
            Assert.Equal(await cluster.ReferenceHash(Spec), done.Json.GetProperty("stateHash").GetString());
            var slot = int.Parse(Path.GetFileName(newest).AsSpan(0, 10), CultureInfo.InvariantCulture);
            Assert.Matches(
                $@"passes over a checkpoint: The checkpoint of slot {slot}, generation \d+ lacks [a-z0-9.-]+: on the silo "
                    + @"silo-[13] \(.*\) .* is damaged: its bytes do not match",
                cluster.Logs
            );
            Assert.All(TakenUp(cluster), taken => Assert.InRange(taken, 1, slot));
            Assert.NotEmpty(TakenUp(cluster));
        });

    [RedisFact]
    public Task A_cluster_that_was_killed_as_a_whole_waits_for_the_silos_that_keep_the_last_checkpoint() =>
        On(async cluster =>
        {
            await StartAndKeep(cluster);

            for (var silo = 1; silo <= 3; silo++)
            {
                Kill(cluster, silo);
            }

            var up = await cluster.Console.Run("cluster", "up", "--silos", "3", "--json");
            Assert.True(up.ExitCode == 0, up.Error);
            var done = await cluster.Console.Run("watch", "lucky", "--cluster", cluster.Redis, "--json");

            Assert.True(done.ExitCode == 0, done.Error);
            Assert.Equal(await cluster.ReferenceHash(Spec), done.Json.GetProperty("stateHash").GetString());
            Assert.All(TakenUp(cluster), slot => Assert.True(slot > 0, "The run began anew."));
            Assert.NotEmpty(TakenUp(cluster));
        });

    private static async Task StartAndKeep(ScatteredCluster cluster)
    {
        var started = await cluster.Train([.. Spec, "--detach", "--json", "--name", "lucky"]);
        Assert.True(started.ExitCode == 0, started.Error);
        await cluster.Until(
            "lucky",
            run => run.GetProperty("lastCheckpointSlot") is { ValueKind: JsonValueKind.Number } slot && slot.GetInt64() > 200
        );
    }

    private static void Kill(ScatteredCluster cluster, int silo)
    {
        var process = ProcessMark.Of("silo", cluster.Silo(silo).GetProperty("pid").GetInt32());
        process.Kill();
        Assert.True(SpinWait.SpinUntil(() => !process.IsAlive, TimeSpan.FromSeconds(10)), $"The process {process.Pid} outlives its kill.");
    }

    private static void Lose(ScatteredCluster cluster, int silo)
    {
        Kill(cluster, silo);
        Directory.Delete(cluster.CheckpointsOf(silo), recursive: true);
    }

    private static void Damage(string file)
    {
        using var stream = File.Open(file, FileMode.Open);
        stream.Seek(-1, SeekOrigin.End);
        var last = stream.ReadByte();
        stream.Seek(-1, SeekOrigin.End);
        stream.WriteByte((byte)(last ^ 1));
    }

    private static IEnumerable<string> Missed(ScatteredCluster cluster) =>
        cluster.Logs.Split('\n').Where(line => line.Contains("has no checkpoint of slot", StringComparison.Ordinal));

    private static int NewestKept(ScatteredCluster cluster, int silo) =>
        Directory
            .GetDirectories(Path.Combine(cluster.CheckpointsOf(silo), "lucky"))
            .Where(checkpoint => File.Exists(Path.Combine(checkpoint, "manifest.json")))
            .Max(checkpoint => int.Parse(Path.GetFileName(checkpoint).AsSpan(0, 10), CultureInfo.InvariantCulture));

    private static IReadOnlyList<int> TakenUp(ScatteredCluster cluster) =>
        [.. TakenUpLine().Matches(cluster.Logs).Select(line => int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"Run lucky is taken up at slot (\d+) as generation")]
    private static partial Regex TakenUpLine();

    private static async Task On(Func<ScatteredCluster, Task> act)
    {
        var cluster = new ScatteredCluster();
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
}
