using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Runs;

/// <summary>Reads the folders that runs left behind or are writing now.</summary>
internal static class RunList
{
    /// <summary>Every run of a folder, the last started first.</summary>
    public static IReadOnlyList<RunSummary> In(string parent) => !Directory.Exists(parent) ? [] :
    [
        .. new DirectoryInfo(parent).EnumerateDirectories()
            .Select(folder => (folder.FullName, Spec: new FileInfo(Path.Combine(folder.FullName, RunFolder.SpecFile))))
            .Where(run => run.Spec.Exists)
            .OrderByDescending(run => run.Spec.LastWriteTimeUtc)
            .ThenBy(run => run.FullName, StringComparer.Ordinal)
            .Select(run => Read(run.FullName)),
    ];

    /// <param name="nameOrFolder">Name of a run in the parent folder, or a run's folder.</param>
    /// <param name="parent">The folder of the runs.</param>
    /// <exception cref="InvalidInputException">There is no such run.</exception>
    public static RunSummary Find(string nameOrFolder, string parent)
    {
        var found = Folder(nameOrFolder, parent);
        return found is null
            ? throw new InvalidInputException($"There is no run '{nameOrFolder}' in {parent}{Suggestion.Ending(nameOrFolder, In(parent).Select(run => run.Run))}")
            : Read(Path.GetFullPath(found));
    }

    /// <summary>The run of ./runs of this name or in this folder, where it has taken checkpoints.</summary>
    public static RunSummary? WithCheckpoints(string nameOrFolder) =>
        Folder(nameOrFolder, RunFolder.Runs) is { } folder && Directory.Exists(Path.Combine(folder, RunFolder.Checkpoints)) ? Read(Path.GetFullPath(folder)) : null;

    /// <returns>The folder of the run of this name, or this folder where it is a run's; null where there is none.</returns>
    public static string? Folder(string nameOrFolder, string parent) =>
        new[] { Path.Combine(parent, nameOrFolder), nameOrFolder }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, RunFolder.SpecFile)));

    /// <summary>What <see cref="WithCheckpoints"/> finds a run by: its name where it is one of ./runs, or its folder.</summary>
    public static string Address(RunSummary run) =>
        run.Output is { } folder && Path.GetFullPath(Path.Combine(RunFolder.Runs, run.Run)) != Path.GetFullPath(folder) ? folder : run.Run;

    private static RunSummary Read(string folder)
    {
        try
        {
            var summary = Path.Combine(folder, RunFolder.SummaryFile);
            return File.Exists(summary)
                ? JsonSerializer.Deserialize<RunSummary>(File.ReadAllText(summary), Json.OneLine)! with { Output = folder }
                : Unfinished(folder);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidInputException)
        {
            return Of(folder, new ExperimentSpec(), RunStates.Failed) with { Error = $"The files in {folder} cannot be read ({e.Message.TrimEnd('.')})." };
        }
    }

    // Without a summary the run goes on, or its process was killed.
    private static RunSummary Unfinished(string folder)
    {
        var isRunning = RunFolder.IsInUse(folder);
        var run = Of(folder, SpecReader.ReadFile(Path.Combine(folder, RunFolder.SpecFile)), isRunning ? RunStates.Running : RunStates.Interrupted) with
        {
            Error = isRunning ? null : "The run's process was killed.",
        };
        var metrics = Path.Combine(folder, RunFolder.MetricsFile);
        var last = File.Exists(metrics) ? File.ReadLines(metrics).LastOrDefault(line => line.EndsWith('}')) : null;
        if (last is null)
        {
            return run;
        }

        using var line = JsonDocument.Parse(last);
        var measured = line.RootElement;
        return run with
        {
            Slot = measured.GetProperty("slot").GetInt64() + 1,
            Epoch = measured.TryGetProperty("epoch", out var epoch) ? epoch.GetInt32() : 0,
            Seconds = measured.GetProperty("seconds").GetDouble(),
        };
    }

    private static RunSummary Of(string folder, ExperimentSpec spec, string state) => new()
    {
        Run = Path.GetFileName(folder),
        State = state,
        Dataset = spec.Dataset,
        DatasetSha256 = spec.DatasetSha256.Length == 0 ? null : spec.DatasetSha256,
        Epochs = spec.Epochs,
        Seed = spec.Seed,
        Precision = spec.Precision,
        Output = folder,
    };
}
