using System.Diagnostics;
using ForwardForward.Learning;

namespace ForwardForward.Console.Runs;

/// <summary>Stops a run of another process of this machine.</summary>
internal static class RunStop
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <param name="run">As its folder tells it.</param>
    /// <returns>The run once it rests.</returns>
    /// <exception cref="InvalidInputException">It does not run, or its folder cannot be written.</exception>
    /// <exception cref="InvalidOperationException">Its process does not stop.</exception>
    public static async Task<RunSummary> Ask(RunSummary run, CancellationToken cancellation)
    {
        var folder = run.Output!;
        if (!RunFolder.IsInUse(folder))
        {
            throw new InvalidInputException($"The run '{run.Run}' is {run.State} here, expected one that is running.");
        }

        for (var asked = Stopwatch.StartNew(); RunFolder.IsInUse(folder); await Task.Delay(Pace, cancellation))
        {
            if (asked.Elapsed > Timeout)
            {
                StopRequests.Withdraw(folder);
                throw new InvalidOperationException(
                    $"The process of the run '{run.Run}' has not stopped it within {Timeout.TotalMinutes:0} minutes: it is held "
                        + "still, or is of an earlier version, which only Ctrl+C stops."
                );
            }

            Make(folder);
        }

        StopRequests.Withdraw(folder);
        return RunList.Find(folder, RunFolder.Runs);
    }

    private static void Make(string folder)
    {
        try
        {
            StopRequests.Make(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"{folder} cannot be written ({e.Message.TrimEnd('.')}), expected the folder of a run that is this user's.",
                e
            );
        }
    }
}
