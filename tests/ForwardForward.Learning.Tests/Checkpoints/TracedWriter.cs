using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tests.CheckpointWriter;

namespace ForwardForward.Learning.Tests.Checkpoints;

/// <summary>A system call on a file of the checkpoints.</summary>
/// <param name="Occurrence">Among the calls of this name, from 1.</param>
/// <param name="Line">As strace printed it.</param>
internal sealed record TracedCall(string Name, int Occurrence, string Line);

/// <summary>A process under strace that writes one small checkpoint, and what it did with files of the checkpoints.</summary>
internal sealed partial record TracedWriter(int ExitCode, string Output, string Error, IReadOnlyList<TracedCall> Calls)
{
    private const string EveryCallWithFiles = "%file,%desc";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>How often a call was made to fail or to be the process's last.</summary>
    public int Injected => Calls.Count(call => call.Line.Contains("(INJECTED)", StringComparison.Ordinal));

    /// <summary>Finds the paths below a folder that the writer uses, to tell its calls from those of the runtime below it.</summary>
    public static IReadOnlyList<string> PathsOf(SmallFolder folder, CheckpointId id)
    {
        var calls = Run(folder, id, ["-e", "trace=%file"]).Calls;
        return
        [
            .. calls
                .SelectMany(call => Quoted().Matches(call.Line))
                .Select(match => match.Groups[1].Value)
                .Where(path => path.StartsWith(folder.Root, StringComparison.Ordinal))
                .Distinct(),
        ];
    }

    /// <param name="names">Of calls; null means all that work with files.</param>
    /// <param name="injection">In strace's words, <c>fsync:error=EIO:when=2</c>.</param>
    public static TracedWriter Run(
        SmallFolder folder,
        CheckpointId id,
        IEnumerable<string> paths,
        IEnumerable<string>? names = null,
        string? injection = null
    )
    {
        IEnumerable<string> filter =
        [
            .. paths.SelectMany(path => new[] { "-P", path }),
            "-e",
            $"trace={string.Join(',', names ?? [EveryCallWithFiles])}",
        ];
        return Run(folder, id, injection is null ? filter : [.. filter, "-e", $"inject={injection}"]);
    }

    private static TracedWriter Run(SmallFolder folder, CheckpointId id, IEnumerable<string> options)
    {
        var log = Path.GetTempFileName();
        var (slot, generation) = (id.Slot.ToString(CultureInfo.InvariantCulture), id.Generation.ToString(CultureInfo.InvariantCulture));
        string[] writer = ["dotnet", "exec", typeof(SmallCheckpoint).Assembly.Location, folder.Path, slot, generation];
        var start = new ProcessStartInfo("strace", ["-f", "-y", "-s", "0", "-o", log, .. options, .. writer])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(Timeout))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"The writer did not end within {Timeout} under strace {string.Join(' ', options)}.");
            }

            return new TracedWriter(process.ExitCode, output.Result, error.Result, [.. CallsIn(File.ReadAllLines(log))]);
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static IEnumerable<TracedCall> CallsIn(string[] log)
    {
        var counts = new Dictionary<string, int>();
        foreach (var line in log)
        {
            if (Call().Match(line) is { Success: true } call)
            {
                var name = call.Groups[1].Value;
                counts[name] = counts.GetValueOrDefault(name) + 1;
                yield return new TracedCall(name, counts[name], line);
            }
        }
    }

    [GeneratedRegex(@"^\d+ +(\w+)\(")]
    private static partial Regex Call();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();
}
