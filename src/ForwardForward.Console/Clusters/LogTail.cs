using System.Diagnostics;
using ForwardForward.Console.Clusters.Hosts;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters;

/// <summary>A log of a cluster.</summary>
/// <param name="Name">Of the process that writes it.</param>
/// <param name="Path">Of its file.</param>
/// <param name="Host">Where the file is; null: on this machine.</param>
internal sealed record ClusterLog(string Name, string Path, ClusterHost? Host = null);

/// <summary>Shows the last lines of logs, and those that are added.</summary>
internal static class LogTail
{
    private static readonly Lock OneLine = new();

    /// <param name="lines">Of each log.</param>
    /// <param name="follows">Whether to go on until it is cancelled.</param>
    /// <exception cref="Client.ClusterUnreachableException">A host cannot be reached.</exception>
    public static async Task Show(
        IReadOnlyList<ClusterLog> logs,
        int lines,
        bool follows,
        TextWriter output,
        CancellationToken cancellation
    )
    {
        var width = logs.Max(log => log.Name.Length);
        Task Each(ClusterLog log) =>
            Show(log, lines, follows, logs.Count == 1 ? "" : $"{log.Name.PadRight(width)} | ", output, cancellation);
        if (follows)
        {
            await Task.WhenAll(logs.Select(Each));
            return;
        }

        foreach (var log in logs)
        {
            await Each(log);
        }
    }

    private static async Task Show(
        ClusterLog log,
        int lines,
        bool follows,
        string before,
        TextWriter output,
        CancellationToken cancellation
    )
    {
        var tail = $"tail -n {lines} {(follows ? "-F" : "")} {Ssh.Word(log.Path)}";
        using var process = log.Host is { } host ? Ssh.Open(host, tail) : Local(tail);
        process.StandardInput.Close();
        try
        {
            var said = process.StandardError.ReadToEndAsync(cancellation);
            while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                lock (OneLine)
                {
                    output.WriteLine(before + line);
                }
            }

            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
            {
                throw new InvalidInputException($"The log of {log.Name} cannot be read: {(await said).Trim().ReplaceLineEndings(" ")}");
            }
        }
        catch (OperationCanceledException) when (follows)
        {
            // that is how a person ends it
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Local(string command) =>
        Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"exec {command}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
}
