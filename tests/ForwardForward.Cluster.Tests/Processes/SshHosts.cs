using System.Diagnostics;
using System.Net.Sockets;
using ForwardForward.Chaos.Networks;
using ForwardForward.Console.Tests;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>
/// Machines with an address, an SSH server and a folder of their own: network namespaces. Nothing that was started on them outlives it.
/// </summary>
internal sealed class SshHosts : IAsyncDisposable
{
    public const string Server = "/usr/sbin/sshd";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private readonly NamespaceNetwork _network;
    private readonly string _folder;
    private readonly List<Process> _servers = [];
    private readonly List<string> _namespaces = [];

    private SshHosts(NamespaceNetwork network, string folder)
    {
        _network = network;
        _folder = folder;
        Console = new Ff(folder)
        {
            Variables = new Dictionary<string, string> { ["FF_SSH"] = $"ssh -F {folder}/config", ["XDG_CACHE_HOME"] = $"{folder}/cache" },
        };
    }

    /// <summary>That has the key for all of them.</summary>
    public Ff Console { get; }

    public List<string> Addresses { get; } = [];

    public static async Task<SshHosts> Start(int number, string folder)
    {
        var hosts = new SshHosts(await NamespaceNetwork.Create(number), folder);
        await Tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{folder}/key");
        File.WriteAllText(
            $"{folder}/config",
            $"Host *\n  IdentityFile {folder}/key\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n"
        );
        Directory.CreateDirectory("/run/sshd");
        for (var host = 0; host < number; host++)
        {
            await hosts.Add(host);
        }

        return hosts;
    }

    /// <summary>Folder that a host has to itself.</summary>
    public string Folder(int host) => $"{_folder}/host-{host}";

    /// <summary>What a person writes of a host in the file of hosts.</summary>
    public string Line(int host) => $"{Addresses[host]} folder={Folder(host)}";

    /// <summary>Puts a program in the way of the one that a host has.</summary>
    public void Shadow(int host, string program, string script)
    {
        WriteProgram($"{Folder(host)}-programs/{program}", script);
    }

    public Task Cut(int host) => _network.Cut(host);

    /// <summary>Command lines of what runs on a host, but for its SSH server.</summary>
    public async Task<IReadOnlyList<string>> Processes(int host)
    {
        var pids = (await Tool("ip", "netns", "pids", _namespaces[host])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. pids.Select(CommandLine).Where(line => line.Length > 0 && !line.Contains("sshd", StringComparison.Ordinal))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _namespaces)
        {
            foreach (var pid in (await Tool("ip", "netns", "pids", host)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await Tool("kill", "-KILL", pid);
            }
        }

        _servers.ForEach(server => server.Dispose());
        await _network.DisposeAsync();
    }

    private async Task Add(int host)
    {
        var place = _network.Place(host);
        Addresses.Add(place.Address);
        _namespaces.Add(place.Before[^1]);
        Directory.CreateDirectory(Folder(host));
        Directory.CreateDirectory($"{Folder(host)}-programs");
        var shell = $"{Folder(host)}-shell";
        WriteProgram(
            shell,
            $"PATH={Folder(host)}-programs:$PATH FF_MATRIX_RATE={Ff.MatrixRate}; export PATH FF_MATRIX_RATE\nexec sh -c "
                + "\"$SSH_ORIGINAL_COMMAND\""
        );
        File.WriteAllText(
            $"{Folder(host)}.conf",
            $"ListenAddress {place.Address}\nHostKey {_folder}/key\nAuthorizedKeysFile {_folder}/key.pub\nStrictModes no\nUsePAM no\n"
                + $"PidFile none\nForceCommand {shell}\n"
        );
        _servers.Add(
            Process.Start(new ProcessStartInfo("ip", [.. place.Before.Skip(1), Server, "-D", "-q", "-f", $"{Folder(host)}.conf"]))!
        );
        await Event.Of($"the SSH server of {place.Address} answers", () => Answers(place.Address), StartTimeout);
    }

    private static void WriteProgram(string path, string script)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static async Task<bool> Answers(string address)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, 22);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string CommandLine(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ').Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<string> Tool(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
