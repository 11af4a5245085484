namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Checkpoints that cannot be used.</summary>
public sealed class DamageTests
{
    [RedisFact]
    public Task A_run_passes_over_checkpoints_that_are_damaged_or_not_its_own() =>
        FragileCluster.With(
            1,
            async (cluster, silos) =>
            {
                await cluster.Train(silos[0], "other", "--seed", "2");
                await cluster.Train(silos[0], "hurt");
                var before = await silos[0].Until("hurt", run => run.LastCheckpointSlot is not null);
                var stopped = await cluster.Console.Run("stop", "hurt", "--cluster", silos[0].Gateway, "--json");
                Assert.True(stopped.ExitCode == 0, stopped.Error);
                var slot = stopped.Json.GetProperty("slot").GetInt64();
                await silos[0].Until("other", run => run.LastCheckpointSlot > slot);
                await (await silos[0].Coordinator("other")).Pause();

                var damaged = Damage(Newest(cluster, "hurt"));
                var foreign = Copy(Newest(cluster, "other"), Path.Combine(cluster.CheckpointFolder, "hurt"));
                var resumed = await cluster.Console.Run("resume", "hurt", "--cluster", silos[0].Gateway);
                var after = await silos[0].GoesOnAsTheReference("hurt");

                Assert.True(resumed.ExitCode == 0, resumed.Error);
                Assert.True(after.FirstSlot >= before.LastCheckpointSlot, $"It began at slot {after.FirstSlot}.");
                var passed = silos[0].Said("passes over a checkpoint");
                Assert.Equal(2, passed.Length);
                Assert.Contains($"{foreign} is of another spec", passed[0], StringComparison.Ordinal);
                Assert.Contains(damaged, passed[1], StringComparison.Ordinal);
            }
        );

    private static string Newest(FragileCluster cluster, string run) =>
        Directory.GetDirectories(Path.Combine(cluster.CheckpointFolder, run)).Order(StringComparer.Ordinal).Last();

    private static string Damage(string checkpoint)
    {
        var file = Directory.GetFiles(checkpoint, "*.safetensors").Order(StringComparer.Ordinal).First();
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        return file;
    }

    private static string Copy(string checkpoint, string run)
    {
        var copy = Directory.CreateDirectory(Path.Combine(run, Path.GetFileName(checkpoint))).FullName;
        Array.ForEach(Directory.GetFiles(checkpoint), file => File.Copy(file, Path.Combine(copy, Path.GetFileName(file))));
        return copy;
    }
}
