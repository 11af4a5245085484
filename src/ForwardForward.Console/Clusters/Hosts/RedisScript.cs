using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Console.Clusters.Hosts;

/// <summary>
/// What the shell of a cluster's first host does with its Redis: one with a password, and with TLS where the silos have it.
/// </summary>
internal static class RedisScript
{
    private const int ReadySeconds = 20;
    private const int StopSeconds = 20;
    private const string Name = "redis";

    /// <summary>Starts it with what its files hold, and ends when it listens, or with what it said last.</summary>
    /// <param name="state">Folder of the cluster's files there.</param>
    /// <param name="program">Redis or Valkey.</param>
    /// <param name="configuration">Path there of what all Redis of this product are given.</param>
    /// <param name="address">That it listens on, beside loopback.</param>
    /// <param name="certificates">Folder here with its own; null: no TLS.</param>
    public static string Start(
        string state,
        string program,
        string configuration,
        string address,
        int port,
        string password,
        string? certificates
    ) =>
        $$"""
            set -e
            umask 077
            state={{Ssh.Word(state)}}
            mkdir -p "$state/redis/tls"
            cd "$state"
            echo {{Ssh.Word($"requirepass {password}")}} >redis/secret.conf
            {{SiloScript.Certificates(certificates, "redis/tls")}}
            setsid {{program}} {{Ssh.Word(configuration)}} --include "$state/redis/secret.conf" --dir "$state/redis" \
              --bind {{address}} {{Ports(port, certificates is not null)}} >>redis.log 2>&1 </dev/null &
            echo $! >redis.pid
            set +e
            end=$(($(date +%s) + {{ReadySeconds}}))
            while [ "$(date +%s)" -lt $end ]; do
              grep -qi ':{{port:X4}} [0-9A-F]*:[0-9A-F]* 0A' /proc/net/tcp /proc/net/tcp6 2>/dev/null && exit 0
              kill -0 "$(cat redis.pid)" 2>/dev/null || break
              sleep 0.1
            done
            echo "its {{program}} did not start: $(tail -n 1 redis.log)" >&2
            exit 1
            """;

    public static string IsAlive(string state) => SiloScript.IsAlive(state, Name, "redis");

    public static string Stop(string state) => SiloScript.End(state, Name, "redis", StopSeconds);

    private static string Ports(int port, bool isEncrypted) =>
        isEncrypted
            ? $"--port 0 --tls-port {port} --tls-cert-file tls/{CertificateFolder.Certificate} --tls-key-file tls/{CertificateFolder.Key} "
                + $"--tls-ca-cert-file tls/{CertificateFolder.Authority} --tls-auth-clients no"
            : $"--port {port}";
}
