using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Runs;

/// <summary>What must hold before the folder of a run is taken away or gets another name.</summary>
internal static class RestingRun
{
    /// <param name="run">Of a folder of this machine.</param>
    /// <param name="leaving">Folders that go away too: what their runs need does not matter.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="InvalidInputException">
    /// The run is running, another one needs a file of it, or the folder is a link or holds what no run writes.
    /// </exception>
    public static string Require(RunSummary run, IReadOnlyCollection<string> leaving)
    {
        var folder = FolderOf(run);
        if (new DirectoryInfo(folder).LinkTarget is { } target)
        {
            throw new InvalidInputException($"{folder} is a link to {target}, expected the run's own folder.");
        }

        if (!RunContents.HasBegun(folder))
        {
            SpecReader.ReadFile(Path.Combine(folder, RunFolder.SpecFile)); // a file of that name alone makes no run
        }

        if (RunContents.Stranger(folder) is { } stranger)
        {
            throw new InvalidInputException(
                $"{folder} holds {stranger}, which no run writes, expected nothing but a run's own files: take it out first."
            );
        }

        if (RunFolder.IsInUse(folder))
        {
            throw new InvalidInputException(
                run.IsOfHere
                    ? $"The run '{run.Run}' is running, expected one that rests: `ff stop {RunList.Address(run)}` brings it to rest."
                    : $"The run '{run.Run}' is followed by another console, expected one that is not: end that with Ctrl+C."
            );
        }

        if (Dependent(folder, leaving) is { } dependent)
        {
            throw new InvalidInputException(
                $"The run '{dependent.Run}' is not done and starts from a file in {folder}, expected a run that no other needs."
            );
        }

        return folder;
    }

    public static string FolderOf(RunSummary run) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(run.Output!));

    private static RunSummary? Dependent(string folder, IReadOnlyCollection<string> leaving) =>
        RunList
            .In(Path.GetDirectoryName(folder)!)
            .Where(other => !other.IsDone && !leaving.Contains(FolderOf(other)))
            .FirstOrDefault(other => StartsFrom(other).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private static string StartsFrom(RunSummary run)
    {
        try
        {
            return SpecReader.ReadFile(Path.Combine(run.Output!, RunFolder.SpecFile)).Start.File;
        }
        catch (InvalidInputException)
        {
            return ""; // a run that cannot be read cannot go on
        }
    }
}
