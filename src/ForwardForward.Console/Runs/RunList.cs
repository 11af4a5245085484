using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Reports;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Runs;

/// <summary>Reads the folders that runs left behind or are writing now.</summary>
internal static class RunList
{
    /// <summary>Every run of a folder, the last started first.</summary>
    public static IReadOnlyList<RunSummary> In(string parent)
    {
        try
        {
            return !Directory.Exists(parent)
                ? []
                :
                [
                    .. new DirectoryInfo(parent)
                        .EnumerateDirectories()
                        .Where(folder => File.Exists(Path.Combine(folder.FullName, RunFolder.SpecFile)))
                        .Select(folder => Read(folder.FullName))
                        .OrderByDescending(run => run.StartedAt)
                        .ThenBy(run => run.Output, StringComparer.Ordinal),
                ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"The runs in {parent} cannot be listed ({e.Message.TrimEnd('.')}), expected a folder that can be read.",
                e
            );
        }
    }

    /// <param name="nameOrFolder">Name of a run in the parent folder, or a run's folder.</param>
    /// <param name="parent">The folder of the runs.</param>
    /// <exception cref="InvalidInputException">There is no such run.</exception>
    public static RunSummary Find(string nameOrFolder, string parent) =>
        TryFind(nameOrFolder, parent) ?? throw new InvalidInputException(WhyNone(nameOrFolder, parent));

    /// <returns>Null where there is no such run here.</returns>
    public static RunSummary? TryFind(string nameOrFolder, string parent) =>
        Folder(nameOrFolder, parent) is { } folder ? Read(Path.GetFullPath(folder)) : null;

    /// <summary>Why <see cref="TryFind"/> finds nothing, in a sentence.</summary>
    /// <param name="elsewhere">What else was asked, as in " or on the cluster 127.0.0.1:30000".</param>
    /// <param name="others">Runs that were found there.</param>
    public static string WhyNone(string nameOrFolder, string parent, string elsewhere = "", IEnumerable<string>? others = null)
    {
        var half = new[] { Path.Combine(parent, nameOrFolder), nameOrFolder }.FirstOrDefault(folder =>
            nameOrFolder.Length > 0 && IsHalf(folder)
        );
        return half is null
            ? $"There is no run '{nameOrFolder}' in "
                + $"{parent}{elsewhere}{Suggestion.Ending(nameOrFolder, In(parent).Select(run => run.Run).Concat(others ?? []))}"
            : $"{half} has no {RunFolder.SpecFile}, which says what its run is, expected the folder of a whole run{elsewhere}.";
    }

    /// <summary>The run of ./runs of this name or in this folder, where it has taken checkpoints.</summary>
    public static RunSummary? WithCheckpoints(string nameOrFolder) =>
        Folder(nameOrFolder, RunFolder.Runs) is { } folder && Directory.Exists(Path.Combine(folder, RunFolder.Checkpoints))
            ? Read(Path.GetFullPath(folder))
            : null;

    /// <returns>The folder of the run of this name, or this folder where it is a run's; null where there is none.</returns>
    public static string? Folder(string nameOrFolder, string parent) =>
        new[] { Path.Combine(parent, nameOrFolder), nameOrFolder }.FirstOrDefault(folder =>
            File.Exists(Path.Combine(folder, RunFolder.SpecFile))
        );

    /// <summary>What a run here is found by: its name where it is one of ./runs, or its folder.</summary>
    public static string Address(RunSummary run) =>
        run.Output is { } folder && Path.GetFullPath(Path.Combine(RunFolder.Runs, run.Run)) != Path.GetFullPath(folder)
            ? Within(Path.GetFullPath(folder))
            : run.Run;

    // As short as a person would write it.
    private static string Within(string folder) =>
        Path.GetRelativePath(Directory.GetCurrentDirectory(), folder) is var near && !near.StartsWith("..", StringComparison.Ordinal)
            ? near
            : folder;

    // What a run leaves that was being discarded, or lost its spec.
    private static bool IsHalf(string folder) => Directory.Exists(folder) && RunContents.HasBegun(folder);

    private static RunSummary Read(string folder)
    {
        try
        {
            var summary = Path.Combine(folder, RunFolder.SummaryFile);
            var run = File.Exists(summary)
                ? (
                    JsonSerializer.Deserialize<RunSummary>(File.ReadAllText(summary), Json.OneLine)
                    ?? throw new JsonException("there is null")
                ) with
                {
                    Output = folder,
                }
                : Unfinished(folder);
            return run with { StartedAt = run.StartedAt ?? Started(folder) };
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidInputException)
        {
            return Of(folder, new ExperimentSpec(), RunStates.Failed) with
            {
                Error = $"The files in {folder} cannot be read ({e.Message.TrimEnd('.')}).",
                StartedAt = Started(folder),
            };
        }
    }

    private static DateTimeOffset Started(string folder) =>
        new(File.GetLastWriteTimeUtc(Path.Combine(folder, RunFolder.SpecFile)), TimeSpan.Zero);

    // Without a summary the run goes on, or its process was killed; a cluster's goes on whatever happens here.
    private static RunSummary Unfinished(string folder)
    {
        var told =
            RunBulletin.Read(folder)?.Run ?? Of(folder, SpecReader.ReadFile(Path.Combine(folder, RunFolder.SpecFile)), RunStates.Running);
        var isRunning = !told.IsOfHere || RunFolder.IsInUse(folder);
        var run = told with
        {
            Output = folder,
            State = isRunning ? told.State : RunStates.Interrupted,
            Error = isRunning ? told.Error : "The run's process was killed.",
            LastCheckpointSlot = told.IsOfHere
                ? CheckpointFolder.NewestSlot(Path.Combine(folder, RunFolder.Checkpoints))
                : told.LastCheckpointSlot,
        };
        return Measured(run, RunRecords.Read(folder));
    }

    // What was measured may be newer than what was told, and is all there is of a run of the version before.
    private static RunSummary Measured(RunSummary run, RunRecords records)
    {
        if (records.Last is not { } last || last.Slot + 1 < run.Slot)
        {
            return run;
        }

        var placed = records.Placements is [.., var newest] ? newest : null;
        return run with
        {
            Slot = last.Slot + 1,
            Epoch = Math.Max(run.Epoch, last.Epoch),
            Seconds = Math.Max(run.Seconds, last.Seconds),
            Generation = placed?.Generation ?? run.Generation,
            Recoveries = placed?.Recoveries ?? run.Recoveries,
            Plan = run.Plan.Count > 0 ? run.Plan : [.. (placed?.Plan ?? []).Select(place => new LayerPlace(place.Layer, place.Silo, ""))],
            Silos = run.Silos > 0 ? run.Silos : (placed?.Plan ?? []).Select(place => place.Silo).Distinct().Count(),
            TestErrorFast = records.Evaluations.LastOrDefault(test => test.TestErrorFast is not null)?.TestErrorFast,
            TestErrorGoodness = records.Evaluations.LastOrDefault(test => test.TestErrorGoodness is not null)?.TestErrorGoodness,
        };
    }

    private static RunSummary Of(string folder, ExperimentSpec spec, string state) =>
        new()
        {
            Run = Path.GetFileName(folder),
            State = state,
            Dataset = spec.Dataset,
            DatasetSha256 = spec.DatasetSha256.Length == 0 ? null : spec.DatasetSha256,
            Epochs = spec.Epochs,
            Seed = spec.Seed,
            Precision = spec.Precision,
            Exact = spec.Exact,
            Output = folder,
        };
}
