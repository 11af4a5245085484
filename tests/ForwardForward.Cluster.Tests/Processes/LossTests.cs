using System.Diagnostics;
using System.Text;
using System.Text.Json;
using StackExchange.Redis;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>What is lost, and what is not, when a part of a cluster goes.</summary>
public sealed class LossTests
{
    [RedisFact]
    public Task A_run_without_checkpoints_fails_with_a_sentence_that_names_a_silo() => On(async cluster =>
    {
        var run = await cluster.StartEndless("unlucky", "--set", "checkpoint.everySlots=0");

        Signals.Kill(cluster.Silo(2).GetProperty("pid").GetInt32());
        var watched = await cluster.Console.Run("watch", run, "--cluster", cluster.Gateway(1));
        var next = await cluster.Train("--json");

        Assert.Equal(1, watched.ExitCode);
        Assert.Matches(@"^The (silo silo-2 \(127\.0\.0\.1:\d+\) is gone, and with it layer \d( and layer \d)?|run's coordinator on the silo silo-\d \(127\.0\.0\.1:\d+\) is gone)\.$", watched.Error.Trim());
        Assert.True(next.ExitCode == 0, next.Error);
        Assert.Equal((1, await cluster.ReferenceHash()), (next.Json.GetProperty("silos").GetInt32(), next.Json.GetProperty("stateHash").GetString()));
    });

    [RedisTheory]
    [InlineData(1)]
    [InlineData(2)]
    public Task A_run_ends_in_the_bytes_of_the_reference_whichever_silo_is_killed(int silo) => On(async cluster =>
    {
        var done = await Losing(cluster, silo, Signals.Kill);

        Assert.True(done.GetProperty("recoveries").GetInt32() > 0, "The loss was not noticed.");
    });

    [RedisTheory]
    [InlineData(1)]
    [InlineData(2)]
    public Task A_silo_that_is_told_to_end_hands_its_run_over_and_no_slot_is_done_twice(int silo) => On(async cluster =>
    {
        var done = await Losing(cluster, silo, Signals.Terminate);

        Assert.Equal((0, 0), (done.GetProperty("recoveries").GetInt32(), done.GetProperty("redoneSlots").GetInt64()));
        Assert.True(done.GetProperty("generation").GetInt32() > 0, "The run did not move.");
    });

    [RedisFact]
    public Task Training_goes_on_while_Redis_is_down_and_its_result_is_stored_when_it_is_back() => On(async cluster =>
    {
        var started = await cluster.Train("--epochs", "1500", "--detach", "--json", "--name", "lonely");
        Assert.True(started.ExitCode == 0, started.Error);

        var port = cluster.Redis.Split(':')[1];
        var data = Path.Combine(cluster.Folder, "state", "forwardforward", "cluster", "redis");
        await Shut(cluster.Redis);
        var unreachable = await cluster.Train("--json", "--name", "not-now");
        var done = await cluster.Console.Run("watch", "lonely", "--cluster", cluster.Gateway(2), "--json");
        using var redis = Process.Start("redis-server", ["--port", port, "--bind", "127.0.0.1", "--dir", data, "--appendonly", "yes", "--logfile", "/dev/null"])!;
        await Stored(cluster.Redis, "lonely", done.Json.GetProperty("stateHash").GetString()!);
        var after = await cluster.Train("--json", "--name", "now");

        Assert.Equal(1, unreachable.ExitCode);
        Assert.Equal("The cluster cannot read or write the state of its runs, expected its Redis to answer; runs that train go on.", unreachable.Error.Trim());
        Assert.True(done.ExitCode == 0, done.Error);
        Assert.Equal(await cluster.ReferenceHash("--epochs", "1500"), done.Json.GetProperty("stateHash").GetString());
        Assert.True(after.ExitCode == 0, after.Error);
        redis.Kill();
    });

    [RedisFact]
    public Task Down_leaves_no_process_and_no_file() => On(async cluster =>
    {
        int[] pids = [.. cluster.Up.GetProperty("silos").EnumerateArray().Select(silo => silo.GetProperty("pid").GetInt32())];
        await cluster.StartEndless("endless");
        Assert.All(pids, pid => Assert.True(Signals.IsAlive(pid)));

        var down = await cluster.Console.Run("cluster", "down");

        Assert.Equal((0, "Stopped 3 processes."), (down.ExitCode, down.Output.Trim()));
        Assert.All(pids, pid => Assert.False(Signals.IsAlive(pid)));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(cluster.Folder, "state", "forwardforward")));
        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(cluster.Redis));
    });

    private static async Task<JsonElement> Losing(BreakableCluster cluster, int silo, Action<int> end)
    {
        string[] spec = ["--epochs", "400", "--set", "checkpoint.everySlots=200"];
        var started = await cluster.Train([.. spec, "--detach", "--json", "--name", "lucky"]);
        Assert.True(started.ExitCode == 0, started.Error);
        await cluster.Until("lucky", run => run.GetProperty("lastCheckpointSlot").ValueKind == JsonValueKind.Number);

        end(cluster.Silo(silo).GetProperty("pid").GetInt32());
        var done = await cluster.Console.Run("watch", "lucky", "--cluster", cluster.Gateway(3 - silo), "--json");

        Assert.True(done.ExitCode == 0, done.Error);
        Assert.Equal(await cluster.ReferenceHash(spec), done.Json.GetProperty("stateHash").GetString());
        Assert.Equal(done.Json.GetProperty("slots").GetInt64(), done.Json.GetProperty("slot").GetInt64());
        Assert.Equal([$"silo-{3 - silo}"], done.Json.GetProperty("plan").EnumerateArray().Select(place => place.GetProperty("silo").GetString()).Distinct());
        return done.Json;
    }

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

            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), $"The result was not stored: {JsonSerializer.Serialize(record.Select(entry => entry.ToString()))}");
        }
    }
}
