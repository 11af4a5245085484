using ForwardForward.Client;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Contracts.Access;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Hosts;

/// <summary>Silos on several machines, one each, started over the user's own SSH, with the Redis they meet in on the first.</summary>
/// <param name="folder">Where it keeps its files here; a folder holds one cluster.</param>
/// <param name="say">Takes a line about what takes long.</param>
internal sealed partial class HostCluster(string folder, Action<string> say)
{
    private const int RedisPort = 6379;
    private const int SiloPort = 11111;
    private const int GatewayPort = 30000;
    private const int HttpPort = 8080;
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(365);
    private HostClusterFile? _known = HostClusterFile.Read(folder);

    /// <summary>The one that `ff cluster` starts, shows and stops.</summary>
    public static HostCluster OfUser(Action<string>? say = null) => new(HostClusterFile.FolderOfUser, say ?? (_ => { }));

    public bool IsUp => _known is { IsUp: true };

    /// <summary>Names of the runs that were fetched from the hosts when it was taken down.</summary>
    public IReadOnlyList<string> Kept => _known is { IsUp: false } ? _known.Kept : [];

    /// <summary>What a console shows to come in; null where everybody may.</summary>
    public string? ClientCertificates =>
        _known is { IsInsecure: false } ? Certificates.FolderOf(CertificateFolder, ClusterRole.Operator) : null;

    private string CertificateFolder => Path.Combine(folder, "tls");

    private HostClusterFile Known => _known!;

    public LocalClusterStatus Status() =>
        IsUp
            ? new LocalClusterStatus(Known.ClusterId, Known.Redis, null, [.. Known.Hosts.Select(host => host.Silo).OfType<LocalSilo>()])
            : LocalClusterStatus.None;

    /// <summary>The logs on its hosts.</summary>
    public IReadOnlyList<ClusterLog> Logs() =>
        [
            .. Known
                .Hosts.Where(host => host.Silo is not null)
                .Select(host => new ClusterLog(host.Host.Name, $"{host.State(Known.ClusterId)}/silo.log", host.Host)),
            .. Known
                .Hosts.Where(host => host.Host.Name == Known.RedisHost)
                .Select(host => new ClusterLog("redis", $"{host.State(Known.ClusterId)}/redis.log", host.Host)),
        ];

    /// <summary>How the silo of each host is: its process's number, or a word.</summary>
    public async Task<IReadOnlyDictionary<string, string>> States(CancellationToken cancellation)
    {
        var asked = await Task.WhenAll(
            Known.Hosts.Where(host => host.Silo is not null).Select(async host => (host.Host.Name, await State(host, cancellation)))
        );
        return asked.ToDictionary();
    }

    /// <summary>
    /// Starts everything and waits until it is ready; what was started is stopped again if that fails. Of a cluster that is up it starts
    /// what has ended.
    /// </summary>
    /// <exception cref="ClusterUnreachableException">A host cannot be reached.</exception>
    /// <exception cref="InvalidInputException">A host cannot run a silo, or a cluster is up.</exception>
    public async Task<LocalClusterStatus> Up(HostClusterRequest request, CancellationToken cancellation)
    {
        var last = _known;
        if (IsUp)
        {
            return await Revive(request, cancellation);
        }

        Admit(request, last);
        if (request.Redis is { } redis && !(await ClusterAddress.Find(redis, cancellation, "--redis")).IsRedis)
        {
            throw new ClusterUnreachableException($"--redis is '{redis}', but what answers there is no Redis.");
        }

        var id = request.ClusterId ?? last?.ClusterId ?? ClusterConnection.DefaultClusterId;
        var preparation = new HostPreparation(id, say);
        var facts = await All(request.Hosts, host => preparation.Ask(host, cancellation));
        NobodysOwn(facts, id);
        Directory.CreateDirectory(folder);
        Certify(request.IsInsecure, id);
        var programs = await All(request.Hosts, host => preparation.Provide(host, facts[host], cancellation));
        foreach (var data in request.Data)
        {
            await All(request.Hosts, async host => await Done(preparation.ProvideData(host, data, cancellation)));
        }

        Know(
            new HostClusterFile(
                id,
                request.Redis ?? "",
                request.Redis ?? "",
                null,
                preparation.Program.Name,
                request.IsInsecure,
                request.Mixed ?? last?.IsMixed ?? false,
                [.. request.Hosts.Select(host => new StartedHost(host, facts[host].Home, programs[host], null) { IsTouched = true })],
                last?.Kept ?? []
            )
        );
        try
        {
            await All(Known.Hosts, async host => await Done(Restore(host, cancellation)));
            if (request.Redis is null)
            {
                await StartRedis(Known.Hosts[0], facts[request.Hosts[0]], cancellation);
            }

            await Launch(Known.Hosts, facts, cancellation);
            DeleteFetched();
            return Status();
        }
        catch
        {
            await TakeBack(last);
            throw;
        }
    }

    /// <summary>Puts a silo on one more host.</summary>
    /// <inheritdoc cref="Up"/>
    public async Task<LocalClusterStatus> Add(ClusterHost host, CancellationToken cancellation)
    {
        if (Known.Hosts.Any(there => there.Host.Name == host.Name))
        {
            throw new InvalidInputException($"{host.Name} is in the cluster already, expected another host.");
        }

        var preparation = new HostPreparation(Known.ClusterId, say);
        RequireSame(preparation);
        var facts = await preparation.Ask(host, cancellation);
        NobodysOwn(new Dictionary<ClusterHost, HostFacts> { [host] = facts }, Known.ClusterId);
        var started = new StartedHost(host, facts.Home, await preparation.Provide(host, facts, cancellation), null) { IsTouched = true };
        Know(Known with { Hosts = [.. Known.Hosts, started] });
        try
        {
            await Launch([started], new Dictionary<ClusterHost, HostFacts> { [host] = facts }, cancellation);
            return Status();
        }
        catch
        {
            await Clear(started);
            Know(Known with { Hosts = [.. Known.Hosts.Where(there => there.Host.Name != host.Name)] });
            throw;
        }
    }

    /// <summary>Has a host's silo hand its runs over and leave; nothing of it stays there but the program.</summary>
    /// <exception cref="InvalidInputException">No such host, the last, or the one with the Redis.</exception>
    public async Task<LocalClusterStatus> Remove(string name, CancellationToken cancellation)
    {
        var host =
            Known.Hosts.FirstOrDefault(there => there.Host.Name == name || there.Host.Destination == name)
            ?? throw new InvalidInputException(
                $"{name} is no host of the cluster, expected one of {string.Join(", ", Known.Hosts.Select(there => there.Host.Name))}."
            );
        if (host.Host.Name == Known.RedisHost)
        {
            throw new InvalidInputException(
                $"{name} has the cluster's Redis, without which no silo can join, expected another host; `ff cluster down` stops all."
            );
        }

        if (Known.Hosts.Count == 1)
        {
            throw new InvalidInputException($"{name} is the cluster's last host; `ff cluster down` stops it.");
        }

        await Ssh.Run(host.Host, SiloScript.Stop(host.State(Known.ClusterId), isPatient: true), cancellation);
        await Clear(host);
        Know(Known with { Hosts = [.. Known.Hosts.Where(there => there != host)] });
        return Status();
    }

    private static async Task<IReadOnlyDictionary<ClusterHost, T>> All<T>(IEnumerable<ClusterHost> hosts, Func<ClusterHost, Task<T>> work)
    {
        var done = hosts.Select(async host => (host, await work(host))).ToList();
        await Task.WhenAll(done.Select(each => (Task)each)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return (await Task.WhenAll(done)).ToDictionary(); // throws the first host's failure once nothing goes on elsewhere
    }

    private static Task<IReadOnlyDictionary<ClusterHost, T>> All<T>(IEnumerable<StartedHost> hosts, Func<StartedHost, Task<T>> work)
    {
        var of = hosts.ToDictionary(host => host.Host);
        return All(of.Keys, host => work(of[host]));
    }

    private static async Task<bool> Done(Task work)
    {
        await work;
        return true;
    }

    private static void Admit(HostClusterRequest request, HostClusterFile? last)
    {
        if (last is not { Kept.Count: > 0 })
        {
            return;
        }

        if (request.ClusterId is { } id && id != last.ClusterId)
        {
            throw new InvalidInputException(
                $"--cluster-id is '{id}', but what is kept here ({string.Join(", ", last.Kept)}) belongs to the cluster "
                    + $"'{last.ClusterId}': expected that id or none; `ff cluster down --purge` removes what is kept."
            );
        }

        var missing = last.Hosts.Select(host => host.Host.Name).Except(request.Hosts.Select(host => host.Name)).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidInputException(
                $"--hosts lacks {string.Join(", ", missing)}, which had a part of what is kept here "
                    + $"({string.Join(", ", last.Kept)}): expected the hosts that there were, and more if you like; `ff "
                    + "cluster down --purge` removes what is kept."
            );
        }
    }

    private static void NobodysOwn(IReadOnlyDictionary<ClusterHost, HostFacts> facts, string id)
    {
        foreach (var (host, has) in facts)
        {
            if (has.HasState)
            {
                throw new InvalidInputException(
                    $"{host.Name} has files of a cluster '{id}' in {has.Home}/clusters/{id}, which this machine did not start or could not "
                        + "reach when it was taken down: expected another --cluster-id, or that folder gone."
                );
            }
        }
    }

    private static int Port(HostFacts facts, int? chosen, int usual) =>
        chosen ?? Enumerable.Range(usual, 1000).First(port => !facts.Ports.Contains(port));

    private async Task<string> State(StartedHost host, CancellationToken cancellation)
    {
        try
        {
            return await IsAlive(host, SiloScript.IsAlive, cancellation) ? $"{host.Silo!.Pid}" : "ended";
        }
        catch (ClusterUnreachableException)
        {
            return "lost";
        }
    }
}
