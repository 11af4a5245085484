using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StackExchange.Redis;

namespace ForwardForward.Silo;

/// <summary>
/// A key that every silo of a cluster knows and none changes: where it is gone, or another's than before, all else that was in Redis is
/// gone too.
/// </summary>
internal sealed class RedisMark(IConnectionMultiplexer redis, IOptions<ClusterOptions> cluster)
{
    private readonly RedisKey _key = $"{cluster.Value.ServiceId}/mark/{cluster.Value.ClusterId}";
    private RedisValue _known;

    /// <summary>Whether Redis has lost its keys since this was last asked, or first.</summary>
    public async Task<bool> IsLost()
    {
        var database = redis.GetDatabase();
        await database.StringSetAsync(_key, $"{Guid.NewGuid()}", when: When.NotExists);
        var mark = await database.StringGetAsync(_key);
        var isLost = _known.HasValue && mark != _known;
        _known = mark;
        return isLost;
    }
}
