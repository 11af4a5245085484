using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ForwardForward.Console.Tests;

/// <summary>A run of this machine that was interrupted, and goes on.</summary>
public sealed partial class ResumeTests : Workplace
{
    private const int SigInt = 2;
    private const int SigKill = 9;
    private static readonly string[] Long = ["--epochs", "400", "--set", "checkpoint.everySlots=100"];

    [Theory]
    [InlineData(SigKill, "1")]
    [InlineData(SigInt, "2")]
    [InlineData(SigInt, "1", "--reference")]
    public async Task It_ends_in_the_bytes_of_the_reference_and_everything_was_measured_once(
        int signal,
        string silos,
        params string[] runner
    )
    {
        await Interrupt(signal, more: runner);

        var resumed = await Run("resume", "run", "--silos", silos, "--json");
        var reference = await Train([.. Long, "--reference", "--json", "--name", "reference"]);

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(
            ("done", int.Parse(silos)),
            (resumed.Json.GetProperty("state").GetString(), resumed.Json.GetProperty("silos").GetInt32())
        );
        Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), resumed.Json.GetProperty("stateHash").GetString());
        Assert.Equal(Measured("reference"), Measured("run"));
        var lines = await File.ReadAllLinesAsync(At("runs", "run", "metrics.jsonl"));
        // where it was before is still known
        Assert.Equal(runner.Length == 0 ? 2 : 1, lines.Count(line => line.Contains("\"state\":\"running\"", StringComparison.Ordinal)));
        var seconds = lines
            .Where(IsMeasured)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("seconds").GetDouble())
            .ToArray();
        Assert.Equal(seconds.Order(), seconds); // the time that it took before counts
        Assert.True(resumed.Json.GetProperty("seconds").GetDouble() >= seconds[^1]);
    }

    [Theory]
    [InlineData(SigKill)]
    [InlineData(SigInt)]
    public async Task Renamed_meanwhile_it_ends_in_the_bytes_of_the_reference(int signal)
    {
        await Interrupt(signal);

        var renamed = await Run("runs", "rename", "run", "other");
        var interrupted = await Run("runs", "show", "other", "--json");
        var resumed = await Run("resume", "other", "--live", "--json");
        var reference = await Train([.. Long, "--reference", "--json", "--name", "reference"]);

        Assert.True(renamed.ExitCode == 0, renamed.Error);
        Assert.Equal("other", interrupted.Json.GetProperty("run").GetString());
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Matches(@"live +http://127\.0\.0\.1:\d+/live\n", resumed.Error);
        Assert.Equal(
            ("other", "done", At("runs", "other")),
            (
                resumed.Json.GetProperty("run").GetString(),
                resumed.Json.GetProperty("state").GetString(),
                resumed.Json.GetProperty("output").GetString()
            )
        );
        Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), resumed.Json.GetProperty("stateHash").GetString());
        Assert.Equal(Measured("reference"), Measured("other"));
        Assert.False(Directory.Exists(At("runs", "run")));
    }

    [Fact]
    public async Task After_Ctrl_C_no_slot_is_done_twice()
    {
        var interrupted = await Interrupt(SigInt);
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(At("runs", "run", "summary.json")));

        Assert.Contains("`ff resume run` goes on.", interrupted, StringComparison.Ordinal);
        Assert.Equal(
            summary.RootElement.GetProperty("lastCheckpointSlot").GetInt64() + 1,
            summary.RootElement.GetProperty("slot").GetInt64()
        );
    }

    [Fact]
    public async Task One_that_is_not_of_the_runs_here_goes_on_by_its_folder_as_it_said()
    {
        var interrupted = await Interrupt(SigInt, "elsewhere");
        var folder = Path.Combine("elsewhere", "run"); // as a person there would write it

        var resumed = await Run("resume", folder, "--json");

        Assert.Contains($"`ff resume {folder}` goes on.", interrupted, StringComparison.Ordinal);
        Assert.Equal((0, "done"), (resumed.ExitCode, resumed.Json.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_run_that_is_done_or_going_on_or_has_no_checkpoint_is_refused()
    {
        await Train("--name", "done", "--set", "checkpoint.everySlots=5");
        await Train("--name", "bare", "--set", "checkpoint.everySlots=0");
        Directory.CreateDirectory(At("runs", "bare", "checkpoints"));
        File.Delete(At("runs", "bare", "summary.json"));

        var done = await Run("resume", "done");
        File.Delete(At("runs", "done", "summary.json"));
        using var held = new FileStream(At("runs", "done", ".running"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var going = await Run("resume", "done");
        var bare = await Run("resume", "bare");
        var unknown = await Run("resume", "nobody");

        Assert.Equal([2, 2, 2, 2], new[] { done, going, bare, unknown }.Select(refused => refused.ExitCode));
        Assert.Equal("The run 'done' is done; there is nothing to go on with.", done.Error.Trim());
        Assert.StartsWith("The run in ", going.Error, StringComparison.Ordinal);
        Assert.Equal(
            $"The run 'bare' has no checkpoint to go on from: it is here ({At("runs", "bare")}), but checkpoint.everySlots is "
                + "0, so that it takes none; `ff train runs/bare/spec.json --name bare-again` begins it anew.",
            bare.Error.Trim()
        );
        Assert.Equal("There is no run 'nobody' in runs.", unknown.Error.Trim());
        Assert.True(File.Exists(At("runs", "bare", "metrics.jsonl")));
    }

    [Fact]
    public async Task Checkpoints_of_another_spec_are_refused_and_nothing_is_lost()
    {
        await Interrupt(SigKill);
        var spec = At("runs", "run", "spec.json");
        await File.WriteAllTextAsync(
            spec,
            (await File.ReadAllTextAsync(spec)).Replace("\"seed\": 1", "\"seed\": 2", StringComparison.Ordinal)
        );
        var checkpoints = Committed();

        var refused = await Run("resume", "run");

        Assert.Equal(2, refused.ExitCode);
        Assert.Matches("^The run 'run' has no checkpoint to go on from: .* is of another spec ", refused.Error.Trim());
        Assert.NotEmpty(checkpoints);
        Assert.Equal(checkpoints, Committed());

        // What was being written when the run was killed is no checkpoint, and may go.
        string[] Committed() =>
            [
                .. Directory
                    .GetFiles(At("runs", "run", "checkpoints"), "manifest.json", SearchOption.AllDirectories)
                    .SelectMany(manifest => Directory.GetFiles(Path.GetDirectoryName(manifest)!))
                    .Order(StringComparer.Ordinal),
            ];
    }

    [Fact]
    public async Task Other_data_are_refused_and_with_its_own_it_ends_in_the_bytes_of_the_reference()
    {
        await Interrupt(SigInt);
        var labels = At("tiny", "train-labels-idx1-ubyte");
        var own = await File.ReadAllBytesAsync(labels);
        await File.WriteAllBytesAsync(labels, [.. own[..^1], (byte)(own[^1] ^ 1)]);
        var before = Written();

        var refused = await Run("resume", "run");

        Assert.Equal(2, refused.ExitCode);
        Assert.Matches(
            $"^{At("tiny")} holds other data than the run began with: .* starts with [0-9a-f]{{12}}, expected [0-9a-f]{{12}} .*[.]$",
            refused.Error.Trim()
        );
        Assert.Equal(before, Written());

        await File.WriteAllBytesAsync(labels, own);
        var resumed = await Run("resume", "run", "--json");
        var reference = await Train([.. Long, "--reference", "--json", "--name", "reference"]);
        var shown = await Run("runs", "show", "run", "--json");

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), resumed.Json.GetProperty("stateHash").GetString());
        Assert.Matches("^[0-9a-f]{64}$", shown.Json.GetProperty("datasetSha256").GetString());
        Assert.Equal(reference.Json.GetProperty("datasetSha256").GetString(), shown.Json.GetProperty("datasetSha256").GetString());

        List<(string, DateTime)> Written() =>
            [
                .. Directory
                    .GetFiles(At("runs", "run"), "*", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(file => (file, File.GetLastWriteTimeUtc(file))),
            ];
    }

    /// <returns>What the run said on stderr.</returns>
    private async Task<string> Interrupt(int signal, string parent = "runs", params string[] more)
    {
        using var running = Console.Start(["train", .. Small, .. Long, "--out", Path.Combine(parent, "run"), .. more]);
        var (checkpoints, metrics) = (At(parent, "run", "checkpoints"), At(parent, "run", "metrics.jsonl"));
        bool HasBegun() =>
            more.Length > 0
                ? File.Exists(metrics) && new FileInfo(metrics).Length > 0 // a reference keeps none on its way
                : Directory.Exists(checkpoints) && Directory.GetFiles(checkpoints, "manifest.json", SearchOption.AllDirectories).Length > 0;
        var waited = Stopwatch.StartNew();
        while (!HasBegun())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2) && !running.HasExited, "The run takes no checkpoint.");
            await Task.Delay(10);
        }

        Assert.Equal(0, Kill(running.Id, signal));
        return (await Ff.Finish(running)).Error;
    }

    // Times and depths of queues are no part of what a run is.
    private List<string> Measured(string run) =>
        [
            .. File.ReadLines(At("runs", run, "metrics.jsonl"))
                .Where(IsMeasured)
                .Select(line =>
                {
                    var measured = JsonSerializer.Deserialize<SortedDictionary<string, JsonElement>>(line)!;
                    return string.Join(
                        ' ',
                        measured.Where(field => field.Key is not ("seconds" or "inboxDepth")).Select(field => $"{field.Key}={field.Value}")
                    );
                })
                .Order(StringComparer.Ordinal),
        ];

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    // Rather than where the run was, or what befell it.
    private static bool IsMeasured(string line) =>
        !line.Contains("\"type\":\"placement\"", StringComparison.Ordinal)
        && !line.Contains("\"type\":\"incident\"", StringComparison.Ordinal);
}
