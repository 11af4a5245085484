using System.ComponentModel;
using System.Diagnostics;
using ForwardForward.Client;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Hosts;

/// <summary>Runs scripts on a host, over the ssh that the user has, with their keys and their <c>~/.ssh/config</c>.</summary>
internal static class Ssh
{
    /// <summary>A command in place of <c>ssh</c>, with options: as <c>ssh -F FILE</c>.</summary>
    public const string Variable = "FF_SSH";

    private const int OwnFailure = 255;
    private const int ConnectSeconds = 10;

    /// <param name="script">For a POSIX shell; it goes there over the connection, where no list of processes shows it.</param>
    /// <returns>What it wrote to stdout.</returns>
    /// <exception cref="ClusterUnreachableException">The host cannot be reached.</exception>
    /// <exception cref="InvalidInputException">The script failed; the sentence has the last that it said.</exception>
    public static async Task<string> Run(ClusterHost host, string script, CancellationToken cancellation)
    {
        using var answer = new MemoryStream();
        await Run(
            host,
            "sh -s",
            stdin => stdin.WriteAsync(System.Text.Encoding.UTF8.GetBytes(script), cancellation).AsTask(),
            answer,
            cancellation
        );
        return System.Text.Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>Sends bytes to a command of the host's shell.</summary>
    /// <inheritdoc cref="Run(ClusterHost, string, CancellationToken)"/>
    public static Task Send(ClusterHost host, string command, Stream content, CancellationToken cancellation) =>
        Run(host, Quoted(command), stdin => content.CopyToAsync(stdin, cancellation), Stream.Null, cancellation);

    /// <summary>Takes what a command of the host's shell writes.</summary>
    /// <inheritdoc cref="Run(ClusterHost, string, CancellationToken)"/>
    public static Task Fetch(ClusterHost host, string command, Stream to, CancellationToken cancellation) =>
        Run(host, Quoted(command), _ => Task.CompletedTask, to, cancellation);

    /// <summary>A text as one word of a POSIX shell.</summary>
    public static string Word(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>What ssh makes of a destination with the user's configuration: the name or address that it goes to.</summary>
    public static async Task<string> GoesTo(ClusterHost host, CancellationToken cancellation)
    {
        using var process = Start(["-G", host.Destination]);
        process.StandardInput.Close();
        var settings = await process.StandardOutput.ReadToEndAsync(cancellation);
        const string Key = "hostname ";
        return settings.Split('\n').FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..].Trim()
            ?? host.Name;
    }

    /// <summary>A command on the host as a child of this process, its output to be read as it comes.</summary>
    public static Process Open(ClusterHost host, string command) => Start([.. Options, "--", host.Destination, Quoted(command)]);

    private static IEnumerable<string> Options =>
        ["-o", "BatchMode=yes", "-o", $"ConnectTimeout={ConnectSeconds}", "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3"];

    // Whatever the user's shell there is, it hands this on to one that is known.
    private static string Quoted(string command) => $"sh -c {Word(command)}";

    private static async Task Run(ClusterHost host, string command, Func<Stream, Task> write, Stream answer, CancellationToken cancellation)
    {
        using var process = Start([.. Options, "--", host.Destination, command]);
        try
        {
            var said = process.StandardError.ReadToEndAsync(cancellation);
            var answered = process.StandardOutput.BaseStream.CopyToAsync(answer, cancellation);
            try
            {
                await write(process.StandardInput.BaseStream);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // it has ended: why, it says itself
            }

            await answered;
            await process.WaitForExitAsync(cancellation);
            Judge(host, process.ExitCode, LastLine(await said));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static void Judge(ClusterHost host, int exitCode, string said)
    {
        if (exitCode == OwnFailure)
        {
            throw new ClusterUnreachableException(
                $"{host.Name} cannot be reached over SSH ({said.TrimEnd('.')}), expected that `ssh {host.Destination} true` works and "
                    + "asks nothing."
            );
        }

        if (exitCode != 0)
        {
            throw new InvalidInputException($"{host.Name}: {said}");
        }
    }

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "it said nothing.";

    private static Process Start(IEnumerable<string> arguments)
    {
        var command = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? given.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : ["ssh"];
        try
        {
            return Process.Start(
                new ProcessStartInfo(command[0], [.. command[1..], .. arguments])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidInputException(
                $"{command[0]} cannot be started ({e.Message}), expected an SSH client on the PATH (on Debian: apt-get install "
                    + $"openssh-client), or one that {Variable} names.",
                e
            );
        }
    }
}
