using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ForwardForward.Client.Processes;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Contracts.Access;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Hosts;

internal sealed partial class HostCluster
{
    private const string RedisCertificate = "redis";
    private const string PasswordSetting = "password=";
    private const int PasswordBytes = 24;

    private void Know(HostClusterFile known)
    {
        known.Write(folder);
        _known = known;
    }

    private void Certify(bool isInsecure, string id)
    {
        if (!isInsecure)
        {
            new Certificates(CertificateFolder, id, TimeProvider.System).Make(CertificateLife);
        }
    }

    private async Task StartRedis(StartedHost host, HostFacts facts, CancellationToken cancellation)
    {
        var program = RedisOf(facts, host.Host);
        var address = await AddressOf(host.Host, cancellation);
        var port = Port(facts, null, RedisPort);
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));
        if (!Known.IsInsecure)
        {
            new Certificates(CertificateFolder, Known.ClusterId, TimeProvider.System).MakeForServer(
                RedisCertificate,
                address,
                CertificateLife
            );
        }

        Know(
            Known with
            {
                Redis = $"{address}:{port}",
                RedisSettings = $"{address}:{port},{PasswordSetting}{password}{(Known.IsInsecure ? "" : ",ssl=true")}",
                RedisHost = host.Host.Name,
            }
        );
        await LaunchRedis(host, program, cancellation);
    }

    private static string RedisOf(HostFacts facts, ClusterHost host) =>
        facts.Redis
        ?? throw new InvalidInputException(
            $"{host.Name} has neither redis-server nor valkey-server on its PATH, which the first host's silos meet in: expected one of "
                + "them (on Debian: apt-get install redis-server), a host that has one as the first, or --redis HOST:PORT."
        );

    private Task<string> LaunchRedis(StartedHost host, string program, CancellationToken cancellation)
    {
        var colon = Known.Redis.LastIndexOf(':');
        var password = Known.RedisSettings.Split(',').Single(setting => setting.StartsWith(PasswordSetting, StringComparison.Ordinal));
        return Ssh.Run(
            host.Host,
            RedisScript.Start(
                host.State(Known.ClusterId),
                program,
                $"{Place(host)}/deploy/redis.conf",
                Known.Redis[..colon],
                int.Parse(Known.Redis[(colon + 1)..], CultureInfo.InvariantCulture),
                password[PasswordSetting.Length..],
                Known.IsInsecure ? null : Path.Combine(CertificateFolder, RedisCertificate)
            ),
            cancellation
        );
    }

    // All at once: each measures its machine first.
    private async Task Launch(
        IEnumerable<StartedHost> hosts,
        IReadOnlyDictionary<ClusterHost, HostFacts> facts,
        CancellationToken cancellation
    )
    {
        say("The silos start: each measures its machine, then they find each other.");
        var silos = await All(hosts, host => Start(host, facts[host.Host], cancellation));
        Know(
            Known with
            {
                Hosts = [.. Known.Hosts.Select(host => silos.TryGetValue(host.Host, out var silo) ? host with { Silo = silo } : host)],
            }
        );
        await All(
            silos.Keys,
            host =>
                Ssh.Run(
                    host,
                    SiloScript.Ready(
                        Known.Hosts.Single(there => there.Host == host).State(Known.ClusterId),
                        new Uri(silos[host].Http).Port
                    ),
                    cancellation
                )
        );
    }

    private async Task<LocalSilo> Start(StartedHost host, HostFacts facts, CancellationToken cancellation)
    {
        var place = new SiloPlace(
            await AddressOf(host.Host, cancellation),
            Port(facts, host.Host.Port, SiloPort),
            Port(facts, host.Host.Gateway, GatewayPort),
            Port(facts, host.Host.Http, HttpPort)
        );
        var state = host.State(Known.ClusterId);
        var settings = new Dictionary<string, string>
        {
            ["FF_NAME"] = host.Host.Name,
            ["FF_ADVERTISED_ADDRESS"] = place.Address,
            ["FF_PORT"] = $"{place.Port}",
            ["FF_GATEWAY_PORT"] = $"{place.GatewayPort}",
            ["FF_HTTP_PORT"] = $"{place.HttpPort}",
            ["FF_CLUSTER_ID"] = Known.ClusterId,
            ["FF_REDIS"] = Known.RedisSettings,
            ["FF_CHECKPOINT_FOLDER"] = $"{state}/checkpoints",
            [ClusterTraits.SharesVariable] = "false",
            [ClusterTraits.MixedVariable] = $"{Known.IsMixed}",
            ["FF_TLS_FOLDER"] = Known.IsInsecure ? "" : $"{state}/tls",
            ["FF_INSECURE"] = $"{Known.IsInsecure}",
            ["FF_DEVICES"] = host.Host.Devices ?? "cpu",
            ["FF_MEMORY_MEGABYTES"] = $"{host.Host.Memory ?? 0}",
        };
        var certificates = Known.IsInsecure ? null : Certificates.FolderOf(CertificateFolder, ClusterRole.Silo);
        var answer = await Ssh.Run(
            host.Host,
            SiloScript.Start(state, host.DotNet, $"{Place(host)}/{SiloProcess.Silo}", settings, certificates),
            cancellation
        );
        var pid = int.Parse(answer.Trim().Split('\n')[^1], CultureInfo.InvariantCulture);
        return new LocalSilo(host.Host.Name, pid, place.Endpoint, place.Gateway, place.Http);
    }

    private string Place(StartedHost host) => $"{host.Home}/programs/{Known.Program}";

    private static async Task<string> AddressOf(ClusterHost host, CancellationToken cancellation)
    {
        var name = host.Address ?? await Ssh.GoesTo(host, cancellation);
        try
        {
            return IPAddress.TryParse(name, out var given)
                ? $"{given}"
                : $"{(await Dns.GetHostAddressesAsync(name, AddressFamily.InterNetwork, cancellation))[0]}";
        }
        catch (SocketException e)
        {
            throw new InvalidInputException(
                $"{host.Name} has no address that this machine knows ({name}: {e.Message}), expected one that the other hosts reach it by: "
                    + $"'{host.Destination} address=10.0.0.1' in the file of hosts.",
                e
            );
        }
    }
}
