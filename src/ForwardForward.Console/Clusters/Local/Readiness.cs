using System.Diagnostics;
using ForwardForward.Client.Processes;

namespace ForwardForward.Console.Clusters.Local;

/// <summary>Waits until a process that was started answers.</summary>
internal static class Readiness
{
    /// <param name="log">The process's; its last line tells why it ended.</param>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in time.</exception>
    public static async Task Of(ProcessMark process, string log, TimeSpan timeout, Func<Task<bool>> answers, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (!await answers())
        {
            if (!process.IsAlive || waited.Elapsed > timeout)
            {
                var how = process.IsAlive ? $"was not ready in {timeout.TotalSeconds:0} s" : "ended at once";
                throw new InvalidOperationException($"{process.Name} {how}: {SiloProcess.LastLineOf(log)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }
    }

    /// <returns>Whether something answers there with success.</returns>
    public static async Task<bool> Answers(string url, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        try
        {
            using var response = await client.GetAsync(new Uri(url), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
