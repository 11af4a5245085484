using ForwardForward.Runtime.Membership;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using StackExchange.Redis;

namespace ForwardForward.Silo;

/// <summary>
/// Sees to it that Redis names the silos that live. Orleans writes a silo into its table once, when it joins; from a Redis that has lost
/// its keys it would be missing for good, and the next silo would found a second cluster. So every silo looks twice a second whether it is
/// still named, and writes back what was last seen where it is not.
/// </summary>
/// <param name="wasEmptyAt">Timestamp of an early look that found no table; null: there was one.</param>
internal sealed partial class MemberTable(
    IConnectionMultiplexer redis,
    long? wasEmptyAt,
    ILocalSiloDetails silo,
    IOptions<RedisClusteringOptions> clustering,
    IOptions<ClusterOptions> cluster,
    RunRecords runs,
    TimeProvider time,
    ILogger<MemberTable> logger
) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int BeforeTheTableIsRead = ServiceLifecycleStage.RuntimeServices;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ReturnTimeout = TimeSpan.FromSeconds(0.8); // of the silos of a table that was lost: more than the pace
    private readonly RedisKey _key = clustering.Value.CreateRedisKey(cluster.Value);
    private readonly RedisMark _mark = new(redis, cluster);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger _logger = logger;
    private MemberRows _seen = MemberRows.None;
    private Task _writing = Task.CompletedTask;
    private bool _lostRuns;

    /// <summary>Whether Redis named this silo when it last answered.</summary>
    public bool IsNamed { get; private set; } = true;

    public static MemberTable Of(IServiceProvider services, IConnectionMultiplexer redis, long? wasEmptyAt) =>
        new(
            redis,
            wasEmptyAt,
            services.GetRequiredService<ILocalSiloDetails>(),
            services.GetRequiredService<IOptions<RedisClusteringOptions>>(),
            services.GetRequiredService<IOptions<ClusterOptions>>(),
            services.GetRequiredService<RunRecords>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<MemberTable>>()
        );

    /// <summary>Looks for the table of a cluster before this process is a silo.</summary>
    /// <returns>When there was none; null: there is one.</returns>
    public static async Task<long?> WasEmptyAt(IConnectionMultiplexer redis, string clusterId, TimeProvider time)
    {
        var key = new RedisClusteringOptions().CreateRedisKey(new ClusterOptions { ClusterId = clusterId, ServiceId = clusterId });
        return await redis.GetDatabase().KeyExistsAsync(key) ? null : time.GetTimestamp();
    }

    public void Participate(ISiloLifecycle observer)
    {
        observer.Subscribe(nameof(MemberTable), BeforeTheTableIsRead, AwaitOthers);
        observer.Subscribe(nameof(MemberTable), ServiceLifecycleStage.Active, Start, Stop);
    }

    public void Dispose() => _stopping.Dispose();

    // Where there is no table, silos may live all the same, and are about to write it back: they are joined, and no second cluster is
    // founded.
    private async Task AwaitOthers(CancellationToken cancellation)
    {
        var started = wasEmptyAt ?? time.GetTimestamp();
        while (time.GetElapsedTime(started) < ReturnTimeout && !await redis.GetDatabase().KeyExistsAsync(_key))
        {
            await Task.Delay(Pace / 10, time, cancellation);
        }
    }

    private Task Start(CancellationToken cancellation)
    {
        var stop = _stopping.Token;
        _ = Task.Run(() => Watch(stop), CancellationToken.None);
        return Task.CompletedTask;
    }

    private Task Stop(CancellationToken cancellation) => _stopping.CancelAsync();

    private async Task Watch(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Look();
            }
            catch (Exception e)
            {
                LogUnseen(e.Message);
            }

            await Task.Delay(Pace, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Look()
    {
        var rows = new MemberRows(await redis.GetDatabase().HashGetAllAsync(_key));
        IsNamed = rows.Names(silo.SiloAddress) && rows.Version >= _seen.Version;
        if (IsNamed || !_seen.Names(silo.SiloAddress))
        {
            _seen = rows;
        }
        else if (await WriteBack(rows))
        {
            LogWrittenBack(_seen.Silos);
            _lostRuns = true;
        }

        _lostRuns |= await _mark.IsLost();
        if (_lostRuns && _writing.IsCompleted)
        {
            _lostRuns = false;
            _writing = WriteRuns(); // not awaited: a coordinator that does not answer must not keep the table from being looked at
        }
    }

    private async Task WriteRuns()
    {
        try
        {
            await runs.WriteAgain();
        }
        catch (Exception e)
        {
            LogUnseen(e.Message);
            _lostRuns = true; // tried again
        }
    }

    private Task<bool> WriteBack(MemberRows there)
    {
        var transaction = redis.GetDatabase().CreateTransaction();
        transaction.AddCondition(
            there.HasVersion
                ? Condition.HashEqual(_key, MemberRows.VersionField, there.Version)
                : Condition.HashNotExists(_key, MemberRows.VersionField)
        );
        _ = transaction.HashSetAsync(_key, _seen.Over(there));
        return transaction.ExecuteAsync();
    }

    [LoggerMessage(
        EventId = 40,
        Level = LogLevel.Warning,
        Message = "Redis had lost who is in the cluster: this silo has written back the {Silos} silos that it knew of"
    )]
    private partial void LogWrittenBack(int silos);

    [LoggerMessage(EventId = 41, Level = LogLevel.Debug, Message = "Redis cannot be asked who is in the cluster, or not told: {Reason}")]
    private partial void LogUnseen(string reason);
}
