using System.Diagnostics;

namespace ForwardForward.Client.Processes;

/// <summary>A silo in a process of its own on this machine, which outlives the one that started it.</summary>
public sealed class SiloProcess
{
    /// <summary>The silo that is deployed; it lies beside every program that starts one.</summary>
    public const string Silo = "ForwardForward.Silo.dll";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);
    private static readonly HttpClient Http = new() { Timeout = AnswerTimeout };

    private SiloProcess(string name, SiloPlace place, string log, Process process)
    {
        Name = name;
        Place = place;
        Log = log;
        Mark = ProcessMark.Of(name, process.Id);
        Exit = ExitOf(process);
    }

    public string Name { get; }

    public SiloPlace Place { get; }

    /// <summary>The file with its output, behind that of earlier processes with the same file.</summary>
    public string Log { get; }

    public ProcessMark Mark { get; }

    /// <summary>Completes with the exit code when the process has ended.</summary>
    public Task<int> Exit { get; }

    /// <summary>What it said last, in one line.</summary>
    public string LastLine => LastLineOf(Log);

    /// <param name="settings">Environment variables, beside its name and its place.</param>
    /// <param name="arguments">Of its command line; null: none.</param>
    /// <param name="errors">The file with what it writes to stderr; null: the log.</param>
    /// <param name="program">A program that is a silo.</param>
    /// <exception cref="Learning.InvalidInputException">The program that runs it is not installed.</exception>
    public static SiloProcess Start(
        string name,
        SiloPlace place,
        string log,
        IReadOnlyDictionary<string, string> settings,
        IReadOnlyList<string>? arguments = null,
        string? errors = null,
        string program = Silo
    )
    {
        string[] command = [.. place.Before, "dotnet", Path.Combine(AppContext.BaseDirectory, program), .. arguments ?? []];
        var environment = new Dictionary<string, string>
        {
            ["FF_NAME"] = name,
            ["FF_ADVERTISED_ADDRESS"] = place.Address,
            ["FF_PORT"] = $"{place.Port}",
            ["FF_GATEWAY_PORT"] = $"{place.GatewayPort}",
            ["FF_HTTP_PORT"] = $"{place.HttpPort}",
        };
        foreach (var (variable, value) in settings)
        {
            environment[variable] = value;
        }

        return new SiloProcess(name, place, log, BackgroundProcess.Launch(command[0], command[1..], log, environment, errors));
    }

    /// <summary>Whether it answers now that it is an active member of its cluster.</summary>
    public Task<bool> IsActive(CancellationToken cancellation) => IsActive(Place, cancellation);

    /// <summary>Whether the silo at a place, whichever process it is, answers that it is active.</summary>
    public static async Task<bool> IsActive(SiloPlace place, CancellationToken cancellation)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(place.Health), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The last line of a log that says anything.</summary>
    public static string LastLineOf(string log) =>
        (File.Exists(log) ? File.ReadLines(log).LastOrDefault(line => line.Trim().Length > 0)?.Trim() : null) ?? "it said nothing.";

    private static async Task<int> ExitOf(Process process)
    {
        using (process)
        {
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
    }
}
