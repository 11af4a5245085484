using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Console.Clusters.Hosts;

/// <summary>What a host's shell does with a silo. Secrets are in the script's text, which no list of processes shows.</summary>
internal static class SiloScript
{
    private const int ReadySeconds = 90;
    private const int StopSeconds = 60; // it hands its runs over first

    /// <summary>Whether the process whose number the file has is one of ours still, whoever has the number now.</summary>
    private const string IsOurs = """
        ours() { [ -n "$1" ] && tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -q "$2"; }

        """;

    /// <summary>Starts it and writes its number.</summary>
    /// <param name="state">Folder of the cluster's files there.</param>
    /// <param name="dotnet">Program that runs it.</param>
    /// <param name="silo">Path of the silo there.</param>
    /// <param name="certificates">Folder here with those for silos; null: none.</param>
    public static string Start(
        string state,
        string dotnet,
        string silo,
        IReadOnlyDictionary<string, string> settings,
        string? certificates
    ) =>
        $"""
            set -e
            umask 077
            state={Ssh.Word(state)}
            mkdir -p "$state/checkpoints" "$state/tls"
            cd "$state"
            {Certificates(certificates, "tls")}
            {string.Join('\n', settings.Select(setting => $"export {setting.Key}={Ssh.Word(setting.Value)}"))}
            DOTNET_ROOT=$(dirname {Ssh.Word(dotnet)}); [ -d "$DOTNET_ROOT/shared" ] && export DOTNET_ROOT || unset DOTNET_ROOT
            setsid {Ssh.Word(dotnet)} {Ssh.Word(silo)} >>silo.log 2>&1 </dev/null &
            echo $! >silo.pid
            cat silo.pid
            """;

    /// <summary>Ends when it is active, or with what it said last.</summary>
    /// <param name="http">Its HTTP port.</param>
    public static string Ready(string state, int http) =>
        $$"""
            cd {{Ssh.Word(state)}}
            {{IsOurs}}
            pid=$(cat silo.pid)
            health=http://127.0.0.1:{{http}}/health
            healthy() {
              if command -v curl >/dev/null 2>&1; then curl -sf --noproxy '*' -m 2 -o /dev/null $health
              elif command -v wget >/dev/null 2>&1; then wget -q --no-proxy -T 2 -O /dev/null $health
              else bash -c 'exec 3<>/dev/tcp/127.0.0.1/{{http}} &&
                printf "GET /health HTTP/1.0\r\n\r\n" >&3 && read -r -t 2 _ status _ <&3 &&
                [[ $status == 200 ]]' 2>/dev/null
              fi
            }
            end=$(($(date +%s) + {{ReadySeconds}}))
            while [ "$(date +%s)" -lt $end ]; do
              healthy && exit 0
              ours "$pid" ForwardForward.Silo || { echo "the silo ended at once: $(tail -n 1 silo.log)" >&2; exit 1; }
              sleep 0.2
            done
            echo "the silo was not ready in {{ReadySeconds}} s: $(tail -n 1 silo.log)" >&2
            exit 1
            """;

    /// <summary>Asks it to leave the cluster in order, waits, and says which runs the host keeps.</summary>
    /// <param name="isPatient">False: it is ended at once.</param>
    public static string Stop(string state, bool isPatient) => End(state, "silo", "ForwardForward.Silo", isPatient ? StopSeconds : 0);

    /// <summary>Ends a process that a script started.</summary>
    /// <param name="name">Its file with the number is <c>NAME.pid</c>.</param>
    /// <param name="pattern">What its command line has.</param>
    public static string End(string state, string name, string pattern, int seconds) =>
        $$"""
            cd {{Ssh.Word(state)}} 2>/dev/null || exit 0
            {{IsOurs}}
            pid=$(cat {{name}}.pid 2>/dev/null)
            if ours "$pid" {{pattern}}; then
              kill {{(seconds > 0 ? "-TERM" : "-KILL")}} "$pid"
              end=$(($(date +%s) + {{seconds + 1}}))
              while ours "$pid" {{pattern}} && [ "$(date +%s)" -lt $end ]; do sleep 0.1; done
              ours "$pid" {{pattern}} && kill -KILL "$pid"
              while ours "$pid" {{pattern}}; do sleep 0.1; done
              echo stopped=yes
            fi
            rm -f {{name}}.pid
            ls checkpoints 2>/dev/null | sed 's/^/run=/'
            exit 0
            """;

    /// <summary>Says whether it runs.</summary>
    public static string IsAlive(string state) => IsAlive(state, "silo", "ForwardForward.Silo");

    /// <inheritdoc cref="End"/>
    public static string IsAlive(string state, string name, string pattern) =>
        $$"""
            cd {{Ssh.Word(state)}} 2>/dev/null || exit 0
            {{IsOurs}}
            ours "$(cat {{name}}.pid 2>/dev/null)" {{pattern}} && echo alive
            exit 0
            """;

    /// <summary>Files of a folder here, written to one there.</summary>
    internal static string Certificates(string? folder, string there) =>
        folder is null
            ? ""
            : string.Join(
                '\n',
                new[] { CertificateFolder.Certificate, CertificateFolder.Key, CertificateFolder.Authority }.Select(file =>
                    $"cat >{there}/{file} <<'END'\n{File.ReadAllText(Path.Combine(folder, file)).Trim()}\nEND"
                )
            );
}
