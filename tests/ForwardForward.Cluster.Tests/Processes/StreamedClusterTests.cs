using System.Net;
using System.Text;
using System.Text.Json;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Data;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A run that learns from a stream over HTTP while silos are killed.</summary>
public sealed class StreamedClusterTests
{
    private const int Posts = 12;
    private const int Examples = 50; // of each
    private static readonly HttpClient Client = new();

    [RedisFact]
    public Task What_was_acknowledged_is_learned_once_whichever_silos_are_killed_and_the_journal_makes_the_reference_end_alike() =>
        FragileCluster.With(
            3,
            async (cluster, silos) =>
            {
                await cluster.Train(silos[0], "streamed", "--stream", "http");
                var lines = Lines(cluster.At("tiny"));
                for (var post = 0; post < Posts; post++)
                {
                    await Post(silos[0], post, lines);
                    if (post is 3 or 7)
                    {
                        silos[post is 3 ? 1 : 2].Process.Kill();
                    }
                }

                await Post(silos[0], Posts - 1, lines); // sent again
                await Post(silos[0], Posts, lines, "&end=true");
                var done = await silos[0].Until("streamed", run => run.IsOver);
                var journal = await Client.GetStringAsync(new Uri($"{silos[0].Place.Http}/stream?run=streamed"));
                await File.WriteAllTextAsync(cluster.At("journal.jsonl"), journal);
                var reference = await cluster.Console.Run([
                    .. LocalClusterFixture.Request("--reference", "--json", "--name", "reference"),
                    "--set",
                    "epochs=100000",
                    "--stream",
                    "journal.jsonl",
                ]);

                Assert.Equal(string.Concat(lines[..((Posts + 1) * Examples)]) + "{\"end\":true}\n", journal);
                Assert.True(done.State == RunState.Done, done.Error);
                Assert.True(reference.ExitCode == 0, reference.Error);
                Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), done.StateHash);
                Assert.True(done.Recoveries >= 1, $"{done.Recoveries} recoveries");
            }
        );

    // With the same id until it is acknowledged.
    private static Task Post(FragileSilo silo, int post, string[] lines, string more = "") =>
        Event.Of(
            $"post {post} is acknowledged",
            async () =>
            {
                var part = string.Concat(lines[(post * Examples)..((post + 1) * Examples)]);
                using var body = new StringContent(part, Encoding.UTF8, "application/x-ndjson");
                using var answer = await Client.PostAsync($"{silo.Place.Http}/stream?run=streamed&id=post-{post}{more}", body);
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True(
                    answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests,
                    text
                );
                return answer.IsSuccessStatusCode
                    && JsonDocument.Parse(text).RootElement.GetProperty("first").GetInt64() == post * Examples;
            },
            TimeSpan.FromMinutes(2)
        );

    private static string[] Lines(string data)
    {
        var images = Idx.ReadImages(Path.Combine(data, "train-images-idx3-ubyte"));
        var labels = Idx.ReadLabels(Path.Combine(data, "train-labels-idx1-ubyte"));
        var size = images.PixelsPerImage;
        string Line(int i) => $"{{\"label\":{labels[i]},\"pixels\":\"{Convert.ToBase64String(images.Pixels, i * size, size)}\"}}\n";
        return [.. Enumerable.Range(0, (Posts + 1) * Examples).Select(i => Line(i * 7 % labels.Length))];
    }
}
