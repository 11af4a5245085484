using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Sweeps;

/// <summary>The folder of a trial's run, which may have been left at any moment.</summary>
internal static class TrialFolder
{
    /// <summary>Whether its run is done or has failed, rather than was cut short.</summary>
    public static bool IsOver(string folder) => Over(folder) is not null;

    /// <returns>How its run ended; null where it has not.</returns>
    public static RunSummary? Over(string folder) =>
        File.Exists(Path.Combine(folder, RunFolder.SummaryFile))
        && RunList.TryFind(folder, RunFolder.Runs) is { State: RunStates.Done or RunStates.Failed } run
            ? run
            : null;

    /// <summary>Takes away what is of no use.</summary>
    public static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
