using System.Text.Json;
using ForwardForward.Chaos;
using ForwardForward.Cluster.Tests.Deploy;
using ForwardForward.Console.Tests;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A disk that takes no checkpoints for a while.</summary>
public sealed class DiskTests
{
    // KiB, for all checkpoints of the small network that are there at a time, with what a long run has measured
    private const int Enough = 32768;
    private static readonly string[] Wide =
    [
        "train",
        "--data",
        "tiny",
        "--set",
        "layers=300,300,300",
        "--set",
        "batchSize=20",
        "--set",
        "checkpoint.everySlots=10",
        "--precision",
        "fp32",
    ]; // 1.6 MB a checkpoint
    private const string NoCheckpoint = "has no checkpoint of slot";
    private const string GoesOnAnyway = @"^The state of the run 'thrifty' cannot be saved, and it goes on: [^\n]+\.$";
    private static readonly TimeSpan MaxFilling = TimeSpan.FromMinutes(1);

    [DiskFact]
    public Task A_run_goes_on_without_checkpoints_on_a_full_disk_and_takes_them_again_when_there_is_room() =>
        OnSmallDisk(
            async (cluster, disk, silo) =>
            {
                await Event.Of("a checkpoint does not fit", () => Task.FromResult(Fails(silo, disk)), MaxFilling);
                disk.Fill(); // what was there of it has been removed

                await GoesOn(cluster, silo, () => Task.Run(disk.Empty));

                Assert.All(silo.Said(NoCheckpoint), line => Assert.Contains("No space left on device", line, StringComparison.Ordinal));
            }
        );

    [DiskFact]
    public Task A_run_goes_on_without_checkpoints_on_a_disk_that_has_become_read_only() =>
        OnSmallDisk(
            async (cluster, disk, silo) =>
            {
                await disk.MakeReadOnly();
                await silo.Says(NoCheckpoint);

                await GoesOn(cluster, silo, disk.MakeWritable);

                Assert.All(silo.Said(NoCheckpoint), line => Assert.Contains("Read-only file system", line, StringComparison.Ordinal));
            }
        );

    [DiskFact]
    public Task A_console_that_cannot_stop_a_run_says_why_and_that_it_goes_on() =>
        OnSmallDisk(
            async (cluster, disk, silo) =>
            {
                await disk.MakeReadOnly();

                var stopped = await cluster.Console.Run("stop", "thrifty", "--cluster", silo.Gateway);
                var going = await silo.Until("thrifty", _ => true);

                Assert.Equal(1, stopped.ExitCode);
                Assert.Matches(GoesOnAnyway, stopped.Error.Trim());
                Assert.Equal(RunState.Running, going.State);
            }
        );

    [DiskFact]
    public Task A_disk_too_small_for_a_checkpoint_costs_a_run_its_net_and_nothing_else() =>
        OnTooSmallDisk(
            async (folder, console, disk) =>
            {
                var run = await console.Run([.. Wide, "--epochs", "4", "--out", "disk/run", "--json"]);
                var shown = await console.Run("runs", "show", "disk/run");
                var reference = await console.Run([.. Wide, "--epochs", "4", "--reference", "--out", "disk/reference", "--json"]);

                Assert.True(run.ExitCode == 0, run.Error);
                Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), run.Json.GetProperty("stateHash").GetString());
                Assert.True(run.Json.GetProperty("withoutNet").GetBoolean());
                Assert.True(reference.Json.GetProperty("withoutNet").GetBoolean());
                Assert.Equal(1, reference.Json.GetProperty("missedCheckpoints").GetInt32());
                Assert.InRange(run.Json.GetProperty("missedCheckpoints").GetInt32(), 4, 5);
                Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("lastCheckpointSlot").ValueKind);
                Assert.Matches(
                    @"^\S+/[a-z0-9-]+\.safetensors cannot be written: No space left on device\.$",
                    run.Json.GetProperty("missedCheckpointReason").GetString()
                );
                Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
                Assert.Matches(
                    @"\nwithout a net, training goes on: no checkpoint was ever kept \(\d missed\): \S+/[a-z0-9-]+\.safetensors "
                        + @"cannot be written: ",
                    run.Error
                );
                Assert.Matches(
                    @"\ncheckpoints +no checkpoint was ever kept \([45] missed\): \S+/[a-z0-9-]+\.safetensors cannot be "
                        + @"written: No space left on device\.\n",
                    shown.Output
                );
                Assert.Empty(Directory.GetFileSystemEntries(folder["disk/run/checkpoints"]));
            }
        );

    [DiskFact]
    public Task A_run_ends_as_it_should_although_neither_its_files_nor_its_log_find_room() =>
        OnTooSmallDisk(
            async (folder, console, disk) =>
            {
                string[] ff =
                [
                    "dotnet",
                    Path.Combine(AppContext.BaseDirectory, "ff.dll"),
                    .. Wide.Select(word => word == "tiny" ? folder["tiny"] : word),
                    "--epochs",
                    "60",
                    "--out",
                    folder["disk/run"],
                ];
                var ended = Command.Run("sh", "-c", $"exec {string.Join(' ', ff)} > /dev/full");
                await Event.Of(
                    "something was measured",
                    () =>
                        Task.FromResult(
                            new FileInfo(folder["disk/run/metrics.jsonl"]) is { Exists: true, Length: > 0 } || ended.IsCompleted
                        ),
                    3 * MaxFilling
                );
                disk.Fill();

                (await ended).Succeeded();

                var summary = JsonDocument.Parse(await File.ReadAllTextAsync(folder["disk/run/summary.json"])).RootElement;
                Assert.Equal("done", summary.GetProperty("state").GetString());
                Assert.Equal(await ReferenceOfWide(console, "60"), summary.GetProperty("stateHash").GetString());
                Assert.Matches(
                    @"^\S+/metrics\.jsonl cannot be written: No space left on device\. \d+ lines of what was measured are not in it\.$",
                    summary.GetProperty("unwritten").GetString()
                );
                // none is cut off
                Assert.All(File.ReadLines(folder["disk/run/metrics.jsonl"]), line => Assert.EndsWith("}", line, StringComparison.Ordinal));
            }
        );

    private static async Task OnTooSmallDisk(Func<TemporaryFolder, Ff, SmallDisk, Task> act)
    {
        const int Kibibytes = 2400,
            TakenBytes = 900_000;
        using var folder = new TemporaryFolder();
        TinyIdx.Write(folder["tiny"]);
        await using var disk = await SmallDisk.At(folder["disk"], Kibibytes);
        await File.WriteAllBytesAsync(folder["disk/taken"], new byte[TakenBytes]);
        await act(folder, new Ff(folder.Root), disk);
    }

    private static async Task<string> ReferenceOfWide(Ff console, string epochs)
    {
        var reference = await console.Run([.. Wide, "--epochs", epochs, "--reference", "--json", "--name", "reference"]);
        Assert.True(reference.ExitCode == 0, reference.Error);
        return reference.Json.GetProperty("stateHash").GetString()!;
    }

    private static bool Fails(FragileSilo silo, SmallDisk disk)
    {
        disk.Fill(); // again and again: a checkpoint that fitted has removed an older one
        return silo.Said(NoCheckpoint).Length > 0;
    }

    private static Task OnSmallDisk(Func<FragileCluster, SmallDisk, FragileSilo, Task> act) =>
        FragileCluster.With(
            0,
            async (cluster, _) =>
            {
                await using var disk = await SmallDisk.At(cluster.CheckpointFolder, Enough);
                var silo = await cluster.StartSilo("silo-1");
                await cluster.Train(silo, "thrifty");
                await silo.Until("thrifty", run => run.LastCheckpointSlot is not null);
                await act(cluster, disk, silo);
            }
        );

    private static async Task GoesOn(FragileCluster cluster, FragileSilo silo, Func<Task> mend)
    {
        var coordinator = await silo.Coordinator("thrifty");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(coordinator.Pause);
        var going = await silo.Until("thrifty", _ => true);
        using var client = new HttpClient();
        var metrics = await client.GetStringAsync(new Uri($"{silo.Place.Http}/metrics"));
        await mend();
        var after = await silo.GoesOnAsTheReference("thrifty", run => run.LastCheckpointSlot > going.Slot);

        Assert.Matches(GoesOnAnyway, refused.Message);
        Assert.Equal((RunState.Running, 0), (going.State, after.Recoveries));
        Assert.NotNull(going.WithoutNet);
        Assert.Matches("ff_run_without_net\\{[^}]*run=\"thrifty\"[^}]*\\} 1", metrics);
        Assert.Null(after.WithoutNet);
        Assert.InRange(after.MissedCheckpoints, going.MissedCheckpoints, int.MaxValue);
    }
}
