using System.Diagnostics;
using System.Text.Json;

namespace ForwardForward.Console.Tests;

/// <summary>How a run of the console ended.</summary>
internal sealed record FfResult(int ExitCode, string Output, string Error)
{
    /// <summary>The one JSON value on stdout.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>The built console as a real process, in a folder of its own, which also keeps its data and its cluster.</summary>
/// <param name="folder">That folder.</param>
internal sealed class Ff(string folder)
{
    /// <summary>
    /// Of every silo that tests start, about that of a small machine: measuring it takes each of them most of a second, one after the
    /// other.
    /// </summary>
    public const string MatrixRate = "100,200";

    // a guard against standing still, not a promise: the machine may do much else
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <summary>What it is told that it was called by; null: what these tests were.</summary>
    public string? CalledAs { get; init; }

    /// <summary>Further variables of its environment.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Of a console whose data and cluster are in its folder.</summary>
    public static Dictionary<string, string> VariablesOf(string folder) =>
        new()
        {
            ["FF_DATA"] = Path.Combine(folder, "cache"),
            ["XDG_STATE_HOME"] = Path.Combine(folder, "state"),
            ["FF_MATRIX_RATE"] = MatrixRate,
        };

    public async Task<FfResult> Run(params string[] arguments) => await Finish(Start(arguments));

    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ff.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FF_CALLED"] = CalledAs ?? "ff" },
        };
        foreach (var (name, value) in VariablesOf(folder).Concat(Variables))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static async Task<FfResult> Finish(Process process, TimeSpan? longest = null)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            try
            {
                await process.WaitForExitAsync().WaitAsync(longest ?? Timeout);
            }
            catch (TimeoutException)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"ff did not end within {longest ?? Timeout}; stdout: {await output} stderr: {await error}");
            }

            return new FfResult(process.ExitCode, await output, await error);
        }
    }
}
