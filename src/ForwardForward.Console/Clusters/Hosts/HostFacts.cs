using System.Globalization;
using ForwardForward.Client;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Hosts;

/// <summary>What a host is and has, asked once before anything is put there.</summary>
/// <param name="Home">Folder for everything of ours there.</param>
/// <param name="DotNet">Program that runs .NET 10 with ASP.NET Core; null: it has none.</param>
/// <param name="Redis">Program of a Redis or a Valkey; null: it has none.</param>
/// <param name="HasProgram">Whether this version of the program is there from before.</param>
/// <param name="HasRuntime">Whether this console's runtime is there from before.</param>
/// <param name="HasState">Whether a cluster of this id has files there.</param>
/// <param name="Ports">TCP ports that somebody listens on.</param>
internal sealed record HostFacts(
    string Home,
    string? DotNet,
    string? Redis,
    bool HasProgram,
    bool HasRuntime,
    bool HasState,
    IReadOnlySet<int> Ports
)
{
    private const long Kibi = 1024;
    private const string System = "Linux x86_64";
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(30); // half of what a signed call holds

    // Standard tools alone; whatever is missing is an empty value.
    private const string Script = """
        LC_ALL=C; export LC_ALL
        echo "system=$(uname -s) $(uname -m)"
        echo "time=$(date +%s)"
        echo "libc=$(getconf GNU_LIBC_VERSION 2>/dev/null)"
        mkdir -p "$base" || exit 1
        echo "home=$base"
        df -Pk "$base" | tail -n 1 | { read -r disk size used free rest; echo "free=$free"; }
        for dotnet in dotnet "$HOME/.dotnet/dotnet" /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet /usr/local/share/dotnet/dotnet; do
          found=$(command -v "$dotnet" 2>/dev/null) || continue
          "$found" --list-runtimes 2>/dev/null | grep -q '^Microsoft.AspNetCore.App 10\.' && { echo "dotnet=$found"; break; }
        done
        for redis in redis-server valkey-server; do command -v $redis >/dev/null 2>&1 && { echo "redis=$redis"; break; }; done
        [ -f "$base/programs/$program/whole" ] && echo program=yes
        [ -f "$base/programs/$runtime/whole" ] && echo runtime=yes
        [ -d "$base/clusters/$cluster" ] && echo state=yes
        cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r number here there state rest; do
          [ "$state" = 0A ] && echo "port=${here##*:}"
        done
        exit 0
        """;

    /// <param name="program">Name of the program's folder there.</param>
    /// <param name="runtime">Name of the folder of this console's runtime there; empty: it has none to give.</param>
    /// <param name="bytes">What would be put there, of the program and of the runtime.</param>
    /// <exception cref="ClusterUnreachableException">The host cannot be reached.</exception>
    /// <exception cref="InvalidInputException">The host is none that a silo can run on.</exception>
    public static async Task<HostFacts> Ask(
        ClusterHost host,
        string cluster,
        string program,
        string runtime,
        (long Program, long Runtime) bytes,
        CancellationToken cancellation
    )
    {
        var names =
            $"base={(host.Folder is { } folder ? Ssh.Word(folder) : "${XDG_DATA_HOME:-$HOME/.local/share}/forwardforward")}\n"
            + $"cluster={Ssh.Word(cluster)}\nprogram={Ssh.Word(program)}\nruntime={Ssh.Word(runtime)}\n";
        var asked = TimeProvider.System.GetUtcNow();
        var said = (await Ssh.Run(host, names + Script, cancellation))
            .Split('\n')
            .Select(line => line.Split('=', 2))
            .ToLookup(pair => pair[0], pair => pair[^1].Trim());
        var facts = new HostFacts(
            said["home"].First(),
            said["dotnet"].FirstOrDefault(),
            said["redis"].FirstOrDefault(),
            said["program"].Any(),
            said["runtime"].Any(),
            said["state"].Any(),
            said["port"].Select(port => int.Parse(port, NumberStyles.HexNumber)).ToHashSet()
        );
        var system = said["system"].First();
        var off = DateTimeOffset.FromUnixTimeSeconds(long.TryParse(said["time"].First(), out var time) ? time : 0) - asked;
        var needed = (facts.HasProgram ? 0 : bytes.Program) + (facts.DotNet is null && !facts.HasRuntime ? bytes.Runtime : 0);
        var free = long.TryParse(said["free"].FirstOrDefault(), out var kibibytes) ? kibibytes * Kibi : long.MaxValue;
        var refusal = true switch
        {
            _ when system != System => $"is a machine of the kind {system}, expected {System}, which this program is built for",
            _ when !said["libc"].First().StartsWith("glibc", StringComparison.Ordinal) => "has no glibc, which libtorch needs, expected a "
                + "Linux such as Debian, Ubuntu, Fedora or openSUSE",
            _ when off.Duration() > ClockTolerance => $"has a clock that is {off.Duration().TotalHours:0.0} hours "
                + $"{(off > TimeSpan.Zero ? "ahead of" : "behind")} this machine's, expected one that agrees: calls are signed with a time",
            _ when facts.DotNet is null && runtime.Length == 0 => "has no ASP.NET Core runtime 10, and this console none that could be "
                + "sent there, expected one of the two",
            _ when free < needed => $"has {free / 1e6:0} MB free at {facts.Home}, expected {needed / 1e6:0} MB for the program",
            _ => null,
        };
        return refusal is null ? facts : throw new InvalidInputException($"{host.Name} {refusal}.");
    }
}
