using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Runs;

/// <summary>Where one run keeps its spec, what it measured and how it ended. A folder is claimed by one run, once.</summary>
internal sealed class RunFolder : IDisposable
{
    public const string SpecFile = "spec.json";
    public const string MetricsFile = "metrics.jsonl";
    public const string SummaryFile = "summary.json";

    /// <summary>The journal of what was taught.</summary>
    public const string LessonsFile = "lessons.jsonl";

    /// <summary>The journal of the stream that it learns from.</summary>
    public const string StreamFile = "stream.jsonl";

    /// <summary>Folder of a run's checkpoints inside its own.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>Folder of the runs that are given none.</summary>
    public const string Runs = "runs";

    // Takes the room that the summary will need, so that a run tells how it ended on a disk that it has filled.
    private const string ReserveFile = ".reserve";
    private const int ReserveBytes = 1 << 14;

    /// <summary>Files that a run writes itself.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [SpecFile, MetricsFile, SummaryFile, LessonsFile, StreamFile, ReserveFile, FolderLock.FileName];

    private static readonly TimeSpan BulletinPeriod = TimeSpan.FromSeconds(1);

    private readonly FolderLock _lock;
    private readonly Dictionary<int, string> _incidents = [];
    private readonly MetricsLog _metrics;
    private long? _toldAt;
    private (int Generation, RunState State)? _placement;

    private RunFolder(string path)
    {
        Location = path;
        _lock = new FolderLock(path);
        _metrics = new MetricsLog(Path.Combine(path, MetricsFile));
        FileWrite.Hindrance(Reserve, () => File.WriteAllBytes(Reserve, new byte[ReserveBytes]));
    }

    public string Location { get; }

    /// <exception cref="InvalidInputException">The folder holds something, or cannot be one.</exception>
    public static void RequireUnused(string path)
    {
        var existing = path;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { Length: > 0 } parent)
        {
            existing = parent;
        }

        if (File.Exists(existing))
        {
            throw new InvalidInputException(
                $"{path} cannot be the run's folder because {existing} is a file, expected a folder that is new or empty."
            );
        }

        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new InvalidInputException(
                $"{path} holds files already, expected a folder that is new or empty: choose another --name or --out."
            );
        }
    }

    /// <summary>Makes the folder and writes the resolved spec into it.</summary>
    /// <exception cref="InvalidInputException">The folder is in use or cannot be written.</exception>
    public static RunFolder Claim(string path, ExperimentSpec spec)
    {
        RequireUnused(path);
        return TryClaim(path, spec)
            ?? throw new InvalidInputException($"{path} was taken by another run just now: choose another --name or --out.");
    }

    /// <summary>Claims the first free folder of <c>prefix-1</c>, <c>prefix-2</c> ...</summary>
    /// <param name="taken">Names that are not free although they have no folder.</param>
    public static RunFolder ClaimNext(string parent, string prefix, ExperimentSpec spec, IReadOnlyList<string> taken)
    {
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(parent, $"{prefix}-{number}");
            if (!taken.Contains(Path.GetFileName(path)) && !Path.Exists(path) && TryClaim(path, spec) is { } folder)
            {
                return folder;
            }
        }
    }

    /// <summary>Keeps what was measured, and where the run is each time that this changes.</summary>
    public void Append(RunUpdate news)
    {
        var placement = (news.Status.Generation, news.Status.State);
        var moved = placement != _placement && news.Status is { Plan.Count: > 0, State: not RunState.Queued };
        _placement = placement;
        var incidents = news
            .Status.Incidents.Where(incident => _incidents.GetValueOrDefault(incident.Number) != incident.Sentence)
            .ToList();
        incidents.ForEach(incident => _incidents[incident.Number] = incident.Sentence);
        _metrics.Append([
            .. news.Events.Select(MetricLine.Of),
            .. incidents.Select(MetricLine.Of),
            .. moved ? [MetricLine.Of(news.Status)] : Array.Empty<string>(),
        ]);
    }

    /// <summary>Writes down how the run stands, for consoles that ask meanwhile; not more than once a second.</summary>
    /// <param name="isLast">Whether nothing more is told: then at once.</param>
    public void Tell(RunBulletin bulletin, bool isLast = false)
    {
        if (!isLast && _toldAt is { } told && Stopwatch.GetElapsedTime(told) < BulletinPeriod)
        {
            return;
        }

        _toldAt = Stopwatch.GetTimestamp();
        // A full disk: what others would like to know is no reason to end a run.
        FileWrite.Hindrance(Location, () => WholeFile.Replace(Path.Combine(Location, RunBulletin.FileName), bulletin.Write()));
    }

    /// <summary>Keeps how the run ended.</summary>
    /// <returns>The same with what could not be written of it.</returns>
    public RunSummary Finish(RunSummary summary)
    {
        FileWrite.Hindrance(Reserve, () => File.Delete(Reserve));
        var path = Path.Combine(Location, SummaryFile);
        var whole = summary with { Unwritten = _metrics.Hindrance };
        var why = FileWrite.Hindrance(path, () => WholeFile.Replace(path, JsonSerializer.Serialize(whole, Json.Indented) + "\n"));
        FileWrite.Hindrance(Location, () => File.Delete(Path.Combine(Location, RunBulletin.FileName)));
        _metrics.Append([]); // into what room is left
        return summary with
        {
            Unwritten = string.Join(' ', new[] { _metrics.Hindrance, why }.OfType<string>()) is { Length: > 0 } sentences
                ? sentences
                : null,
        };
    }

    private string Reserve => Path.Combine(Location, ReserveFile);

    /// <summary>Takes everything away, as if the run had never been.</summary>
    public void Discard()
    {
        Dispose();
        Directory.Delete(Location, recursive: true);
    }

    /// <summary>Moves it to a place where nothing is; this object is of no further use.</summary>
    public void MoveTo(string path)
    {
        FileWrite.Hindrance(Reserve, () => File.Delete(Reserve));
        Directory.Move(Location, path);
        _lock.Dispose();
        File.Delete(Path.Combine(path, FolderLock.FileName)); // it deletes itself by the name that it had
    }

    public void Dispose()
    {
        FileWrite.Hindrance(Reserve, () => File.Delete(Reserve));
        _lock.Dispose();
    }

    /// <summary>Whether the process of the run in this folder lives.</summary>
    public static bool IsInUse(string path) => FolderLock.IsHeld(path);

    /// <summary>Takes the folder of a run that was interrupted, to go on with it.</summary>
    /// <exception cref="InvalidInputException">The run is going on.</exception>
    public static RunFolder Reclaim(string path)
    {
        try
        {
            return new RunFolder(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"The run in {path} is running, or its folder cannot be written, expected one that was interrupted.",
                e
            );
        }
    }

    /// <summary>Takes the folder of a cluster's run to write down all that is measured in it, from its beginning.</summary>
    /// <returns>Null where another console writes it, or it is complete.</returns>
    public static RunFolder? TryFollow(string path)
    {
        if (File.Exists(Path.Combine(path, SummaryFile)))
        {
            return null;
        }

        try
        {
            var folder = new RunFolder(path);
            folder.Restart();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Forgets what was measured and how the run ended: a run that goes on tells all of it again. Where it was and what befell it stay
    /// known.
    /// </summary>
    public void Restart()
    {
        File.Delete(Path.Combine(Location, SummaryFile));
        var metrics = Path.Combine(Location, MetricsFile);
        var kept = string.Concat(
            (File.Exists(metrics) ? File.ReadAllLines(metrics) : []).Where(MetricLine.IsCourse).Select(line => line + "\n")
        );
        if (FileWrite.Hindrance(metrics, () => WholeFile.Replace(metrics, kept)) is not null)
        {
            FileWrite.Hindrance(metrics, () => File.WriteAllText(metrics, "")); // takes no room; what was measured comes again
        }
    }

    /// <summary>Lines that tell where a run was and what befell it.</summary>
    public static IReadOnlyList<string> Placements(string folder)
    {
        var metrics = Path.Combine(folder, MetricsFile);
        return [.. (File.Exists(metrics) ? File.ReadAllLines(metrics) : []).Where(MetricLine.IsCourse)];
    }

    /// <returns>Null where another process was faster.</returns>
    private static RunFolder? TryClaim(string path, ExperimentSpec spec)
    {
        var isNew = !Path.Exists(path);
        try
        {
            Directory.CreateDirectory(path);
            return WholeFile.TryCreate(Path.Combine(path, SpecFile), [Encoding.UTF8.GetBytes(SpecReader.Write(spec))]) is null
                ? null
                : new RunFolder(path);
        }
        catch (InvalidInputException) when (isNew)
        {
            Directory.Delete(path); // nothing is in it
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"The run's folder {path} cannot be written ({e.Message.TrimEnd('.')}), expected one that can.",
                e
            );
        }
    }
}
