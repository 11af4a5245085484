using System.Collections.Concurrent;
using ForwardForward.Console.Tests;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>State hashes of the small network on the sequential trainer, each computed once.</summary>
internal sealed class ReferenceHashes
{
    private readonly ConcurrentDictionary<string, string> _known = [];

    /// <param name="console">In a folder with the data.</param>
    /// <param name="more">What the request has beside the small network.</param>
    public async Task<string> Of(Ff console, params string[] more)
    {
        var key = string.Join(' ', more);
        if (!_known.TryGetValue(key, out var hash))
        {
            var reference = await console.Run([
                .. LocalClusterFixture.Request("--reference", "--json", "--out", $"reference-{Guid.NewGuid():N}"),
                .. more,
            ]);
            Assert.True(reference.ExitCode == 0, reference.Error);
            _known[key] = hash = reference.Json.GetProperty("stateHash").GetString()!;
        }

        return hash;
    }
}
