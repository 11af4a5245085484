using System.Text.Json;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Three silos, and a Prometheus that reads them.</summary>
public sealed class ObservedCluster() : LocalClusterFixture(3, more: ObservedFactAttribute.Missing is null ? ["--prometheus"] : [])
{
    private static readonly HttpClient Http = new();

    /// <summary>What Prometheus answers to a query now: an array of series.</summary>
    internal async Task<JsonElement> Ask(string query)
    {
        var address = new Uri($"{Up.GetProperty("prometheus").GetString()}/api/v1/query?query={Uri.EscapeDataString(query)}");
        using var answer = await Http.GetAsync(address);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{query}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("data").GetProperty("result");
    }
}
