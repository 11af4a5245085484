using System.Diagnostics;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Something that another process brings about.</summary>
internal static class Event
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until it has happened, and fails with its name where it does not.</summary>
    /// <param name="instead">What is known of what happened instead.</param>
    public static async Task Of(string name, Func<Task<bool>> happened, TimeSpan longest, Func<string>? instead = null)
    {
        for (var waited = Stopwatch.StartNew(); !await happened(); await Task.Delay(Pace))
        {
            Assert.True(
                waited.Elapsed < longest,
                waited.Elapsed < longest ? "" : $"Within {longest.TotalSeconds:0} s it did not happen that {name}. {instead?.Invoke()}"
            );
        }
    }
}
