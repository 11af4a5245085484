using ForwardForward.Console.Runs;
using ForwardForward.Learning;

namespace ForwardForward.Console.Sweeps;

/// <summary>Where a sweep keeps its plan, its results and, in a folder each, its trials. One process has it at a time.</summary>
internal sealed class SweepFolder : IDisposable
{
    public const string PlanFile = "sweep.json";
    public const string ResultsFile = "results.json";
    public const string TableFile = "results.csv";
    public const string PageFile = "sweep.html";
    private const int MaxName = 50;
    private readonly FolderLock _lock;
    private readonly bool _isNew;

    private SweepFolder(string path, bool isNew)
    {
        (Location, _isNew) = (path, isNew);
        _lock = new FolderLock(path);
    }

    public string Location { get; }

    /// <summary>What the sweep here tries; null where none has begun.</summary>
    public SweepPlan? Plan => File.Exists(this[PlanFile]) ? SweepPlan.Read(this[PlanFile]) : null;

    public string this[string name] => Path.Combine(Location, name);

    /// <summary>Takes a folder for a sweep that begins or goes on.</summary>
    /// <exception cref="InvalidInputException">Another process has it, it holds something else, or it cannot be written.</exception>
    public static SweepFolder Take(string path)
    {
        RequireFit(path, []);
        var isNew = !Directory.Exists(path);
        try
        {
            Directory.CreateDirectory(path);
            return new SweepFolder(Path.GetFullPath(path), isNew);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                Directory.Exists(path) && FolderLock.IsHeld(path)
                    ? $"The sweep in {path} is running in another console, expected one that is not."
                    : $"The sweep's folder {path} cannot be written ({e.Message.TrimEnd('.')}), expected one that can.",
                e
            );
        }
    }

    /// <summary>Takes the first folder of <c>prefix-1</c>, <c>prefix-2</c> ... that is not there.</summary>
    /// <param name="taken">Names of a cluster's runs.</param>
    public static SweepFolder TakeNext(string parent, string prefix, IReadOnlyList<string> taken)
    {
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(parent, $"{prefix}-{number}");
            if (!Path.Exists(path) && !HasTrials(path, taken))
            {
                return Take(path);
            }
        }
    }

    /// <summary>The folder of a sweep by its name in ./runs, or by its path.</summary>
    /// <exception cref="InvalidInputException">There is no sweep.</exception>
    public static string Find(string nameOrFolder) =>
        new[] { Path.Combine(RunFolder.Runs, nameOrFolder), nameOrFolder }.FirstOrDefault(folder =>
            File.Exists(Path.Combine(folder, PlanFile))
        )
        ?? throw new InvalidInputException(
            $"There is no sweep '{nameOrFolder}' in {RunFolder.Runs}{Suggestion.Ending(nameOrFolder, Names)}"
        );

    /// <summary>Begins what a plan tries, or goes on with it where that is what has begun here.</summary>
    /// <returns>What is tried, with what was measured at its beginning.</returns>
    /// <exception cref="InvalidInputException">Another sweep has begun here, or it cannot be written: nothing is left of it.</exception>
    public SweepPlan Begin(SweepPlan plan)
    {
        if (Plan is { } earlier)
        {
            return plan.Difference(earlier) is { } difference
                ? throw new InvalidInputException(
                    $"{Location} holds a sweep {difference}, expected the same one: choose another --name, or go on with that by "
                        + "`ff sweep --resume`."
                )
                : earlier;
        }

        try
        {
            WholeFile.Replace(this[PlanFile], plan.Write());
            return plan;
        }
        catch (InvalidInputException) when (_isNew)
        {
            Dispose();
            Directory.Delete(Location, recursive: true);
            throw;
        }
    }

    /// <summary>Refuses what cannot be the folder of a sweep, new or begun.</summary>
    /// <param name="taken">Names of a cluster's runs.</param>
    /// <exception cref="InvalidInputException">It holds something else, or its name is too long or taken.</exception>
    public static void RequireFit(string path, IReadOnlyList<string> taken)
    {
        if (Path.GetFileName(path) is { Length: > MaxName } name)
        {
            throw new InvalidInputException(
                $"The sweep's name '{name[..MaxName]}...' has {name.Length} letters, expected at most {MaxName}: "
                    + "its trials are named after it."
            );
        }

        if (File.Exists(path))
        {
            throw new InvalidInputException($"{path} is a file, expected the folder of a sweep: choose another --name or --out.");
        }

        // What begins with a dot is of a process that was killed before its sweep had begun.
        if (
            Directory.Exists(path)
            && !File.Exists(Path.Combine(path, PlanFile))
            && Directory.EnumerateFileSystemEntries(path).Any(entry => !Path.GetFileName(entry).StartsWith('.'))
        )
        {
            throw new InvalidInputException(
                $"{path} holds something else than a sweep, expected a folder that is new or empty: choose another --name or --out."
            );
        }

        if (!File.Exists(Path.Combine(path, PlanFile)) && HasTrials(path, taken))
        {
            throw new InvalidInputException(
                $"The cluster has runs of another sweep '{Path.GetFileName(path)}' already: choose another --name."
            );
        }
    }

    public void Dispose() => _lock.Dispose();

    private static bool HasTrials(string path, IReadOnlyList<string> taken) =>
        taken.Any(run => run.StartsWith(Trial.RunsOf(Path.GetFileName(path)), StringComparison.Ordinal));

    /// <summary>Of the sweeps in ./runs.</summary>
    public static IEnumerable<string> Names =>
        Directory.Exists(RunFolder.Runs)
            ? Directory
                .EnumerateDirectories(RunFolder.Runs)
                .Where(folder => File.Exists(Path.Combine(folder, PlanFile)))
                .Select(folder => Path.GetFileName(folder))
            : [];
}
