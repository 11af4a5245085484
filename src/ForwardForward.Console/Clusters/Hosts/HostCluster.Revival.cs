using ForwardForward.Client;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Hosts;

internal sealed partial class HostCluster
{
    // One that was half taken down is no whole to be made again.
    private bool IsWhole => Known.Hosts.All(host => host is { IsTouched: true, Silo: not null });

    /// <summary>Starts again what has ended of a cluster that is up, under the addresses that it had; what runs is left alone.</summary>
    /// <exception cref="ClusterUnreachableException">A host cannot be reached.</exception>
    /// <exception cref="InvalidInputException">Another cluster is asked for, or nothing has ended.</exception>
    private async Task<LocalClusterStatus> Revive(HostClusterRequest request, CancellationToken cancellation)
    {
        if (!IsWhole || !IsSame(request))
        {
            throw UpAlready();
        }

        var preparation = new HostPreparation(Known.ClusterId, say);
        RequireSame(preparation);
        var facts = await All(Known.Hosts, host => preparation.Ask(host.Host, cancellation));
        var silos = await All(Known.Hosts, host => IsAlive(host, SiloScript.IsAlive, cancellation));
        var redis = Known.Hosts.FirstOrDefault(host => host.Host.Name == Known.RedisHost);
        var lacksRedis = redis is not null && !await IsAlive(redis, RedisScript.IsAlive, cancellation);
        List<StartedHost> ended = [.. Known.Hosts.Where(host => !silos[host.Host])];
        if (ended.Count == 0 && !lacksRedis)
        {
            throw UpAlready();
        }

        foreach (var data in request.Data)
        {
            await All(request.Hosts, async host => await Done(preparation.ProvideData(host, data, cancellation)));
        }

        if (lacksRedis)
        {
            say($"The Redis of {redis!.Host.Name} has ended, and is started again.");
            await LaunchRedis(redis, RedisOf(facts[redis.Host], redis.Host), cancellation);
        }

        foreach (var host in ended)
        {
            say($"The silo of {host.Host.Name} has ended, and is started again.");
        }

        await (ended.Count > 0 ? Launch(ended, facts, cancellation) : Task.CompletedTask);
        return Status();
    }

    private bool IsSame(HostClusterRequest request) =>
        request.Hosts.ToHashSet().SetEquals(Known.Hosts.Select(host => host.Host))
        && (request.ClusterId ?? Known.ClusterId) == Known.ClusterId
        && (request.Redis is null || request.Redis == Known.RedisSettings)
        && request.IsInsecure == Known.IsInsecure
        && (request.Mixed ?? Known.IsMixed) == Known.IsMixed;

    private InvalidInputException UpAlready() =>
        new(
            $"A cluster of {Known.Hosts.Count} hosts is up already; `ff cluster down` stops it, `ff cluster status` shows it, "
                + "`ff cluster add HOST` puts a silo on one more."
        );

    private void RequireSame(HostPreparation preparation)
    {
        if (preparation.Program.Name != Known.Program)
        {
            throw new InvalidInputException(
                "The cluster runs another build of this program, expected that one: silos of a cluster have one version; `ff cluster down` "
                    + "and `up` change it on all."
            );
        }
    }

    private async Task<bool> IsAlive(StartedHost host, Func<string, string> script, CancellationToken cancellation) =>
        (await Ssh.Run(host.Host, script(host.State(Known.ClusterId)), cancellation)).EndsWith("alive\n", StringComparison.Ordinal);
}
