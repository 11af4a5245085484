using System.Text.Json.Serialization;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Hosts;

/// <summary>A machine that a silo is to run on, as a person names it.</summary>
/// <param name="Destination">What ssh is given: HOST, USER@HOST, or a name of <c>~/.ssh/config</c>.</param>
internal sealed record ClusterHost(string Destination)
{
    private static readonly string[] Known = ["address", "devices", "port", "gateway", "http", "memory", "folder"];

    /// <summary>By which the other silos and consoles reach it; null: what ssh goes to.</summary>
    public string? Address { get; init; }

    /// <summary>What it computes layers on; null: its processor.</summary>
    public string? Devices { get; init; }

    /// <summary>For other silos; null: the usual port, or the next that is free.</summary>
    public int? Port { get; init; }

    /// <summary>For consoles; null as above.</summary>
    public int? Gateway { get; init; }

    /// <summary>Of <c>/health</c> and <c>/metrics</c>; null as above.</summary>
    public int? Http { get; init; }

    /// <summary>Megabytes that a run may take there; null: what the machine has.</summary>
    public int? Memory { get; init; }

    /// <summary>Where the program and a run's files go; null: <c>.local/share/forwardforward</c> in the home there.</summary>
    public string? Folder { get; init; }

    /// <summary>The silo's name, and that of the host in every sentence.</summary>
    [JsonIgnore]
    public string Name => Destination[(Destination.LastIndexOf('@') + 1)..];

    /// <param name="words">HOST, and KEY=VALUE as in a line of the file.</param>
    /// <exception cref="InvalidInputException">It is no host, or has something that no host has.</exception>
    public static ClusterHost Of(IEnumerable<string> words) => Parse(string.Join(' ', words), "HOST");

    /// <param name="given">A file with a line for each host, or hosts with commas between them.</param>
    /// <exception cref="InvalidInputException">It names none, one twice, or something that no host has.</exception>
    public static IReadOnlyList<ClusterHost> Read(string given)
    {
        var isFile = File.Exists(given);
        var lines = isFile ? File.ReadAllLines(given) : given.Split(',');
        List<ClusterHost> hosts = [];
        foreach (var (line, number) in lines.Select((line, index) => (line.Split('#')[0].Trim(), index + 1)))
        {
            if (line.Length > 0)
            {
                hosts.Add(Parse(line, isFile ? $"{given}, line {number}" : "--hosts"));
            }
        }

        if (hosts.Count == 0)
        {
            throw new InvalidInputException(
                $"--hosts is '{given}', which names no host, expected hosts with commas between them, or a file with a line for each: "
                    + $"HOST [KEY=VALUE ...] with {string.Join(", ", Known)}."
            );
        }

        return hosts.GroupBy(host => host.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new InvalidInputException($"--hosts names {twice.Key} twice, expected each host once: it has one silo.")
            : hosts;
    }

    private static ClusterHost Parse(string line, string where)
    {
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } some ? some : [""];
        if (
            words[0].Length == 0
            || words[0].StartsWith('-')
            || words[0].Contains('=', StringComparison.Ordinal)
            || words[0].Any(c => c is '\'' or '"' or '/' or ',')
        )
        {
            throw new InvalidInputException(
                $"{where}: '{words[0]}' is no host, expected HOST, USER@HOST or a name of ~/.ssh/config, or a file that exists."
            );
        }

        var host = new ClusterHost(words[0]);
        foreach (var word in words[1..])
        {
            var (key, value) = word.Split('=', 2) is [var left, { Length: > 0 } right] ? (left, right) : (word, "");
            host = key switch
            {
                "address" when value.Length > 0 => host with { Address = value },
                "devices" when value.Length > 0 => host with { Devices = value },
                "folder" when value.StartsWith('/') => host with { Folder = value.TrimEnd('/') },
                "port" when IsPort(value, out var port) => host with { Port = port },
                "gateway" when IsPort(value, out var port) => host with { Gateway = port },
                "http" when IsPort(value, out var port) => host with { Http = port },
                "memory" when int.TryParse(value, out var megabytes) && megabytes > 0 => host with { Memory = megabytes },
                _ => throw new InvalidInputException(
                    $"{where}: '{word}' is nothing that a host has, expected KEY=VALUE with one of {string.Join(", ", Known)} (ports "
                        + "from 1 to 65535, memory in megabytes, a folder that begins with /)."
                ),
            };
        }

        return host;
    }

    private static bool IsPort(string text, out int port) => int.TryParse(text, out port) && port is > 0 and <= 65535;
}
