using System.Globalization;
using ForwardForward.Learning;

namespace ForwardForward.Console.Runs;

/// <summary>Deletes runs of this machine: all of them or, where one may not be, none.</summary>
internal sealed class RunDeletion
{
    private const double Mega = 1e6;

    /// <param name="runs">Of folders of this machine; one that is there twice is there once.</param>
    /// <exception cref="InvalidInputException">One may not be deleted.</exception>
    public RunDeletion(IEnumerable<RunSummary> runs)
    {
        var distinct = runs.DistinctBy(RestingRun.FolderOf).ToList();
        var folders = distinct.Select(RestingRun.FolderOf).ToHashSet();
        foreach (var run in distinct)
        {
            RestingRun.Require(run, folders);
        }

        Runs = [.. distinct.Select(run => (run, RunContents.Bytes(RestingRun.FolderOf(run))))];
    }

    public IReadOnlyList<(RunSummary Run, long Bytes)> Runs { get; }

    /// <summary>For a person.</summary>
    public static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Mega:#,0.0} MB");

    /// <param name="deleted">Hears of each that is gone, by its place.</param>
    /// <exception cref="InvalidInputException">One has begun to run meanwhile, or cannot be deleted.</exception>
    public void Delete(Action<int> deleted)
    {
        var held = new List<RunFolder>();
        try
        {
            foreach (var (run, _) in Runs)
            {
                held.Add(RunFolder.Reclaim(RestingRun.FolderOf(run)));
            }

            for (var i = 0; i < held.Count; i++)
            {
                Discard(held[i]);
                deleted(i);
            }
        }
        finally
        {
            held.ForEach(folder => folder.Dispose());
        }
    }

    private static void Discard(RunFolder folder)
    {
        try
        {
            folder.Discard();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"{folder.Location} cannot be deleted whole ({e.Message.TrimEnd('.')}), expected a folder that is this user's.",
                e
            );
        }
    }
}
