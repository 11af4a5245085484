using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SkiaSharp;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Runs on three silo processes that are asked what pictures show.</summary>
public sealed class AskedClusterTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    private static readonly HttpClient Client = new();

    [RedisFact]
    public async Task A_run_answers_while_it_trains_and_from_its_checkpoint_once_it_rests_by_console_and_by_HTTP()
    {
        var run = await cluster.StartEndless("asked");
        await File.WriteAllBytesAsync(Path.Combine(cluster.Folder, "bar.png"), Picture(60, 80));

        var live = await cluster.Console.Run(
            "predict",
            run,
            Path.Combine("tiny", "t10k-images-idx3-ubyte"),
            "bar.png",
            "--cluster",
            cluster.Gateway(2),
            "--json"
        );
        var posted = await Post(run, Picture(60, 80));
        var stopped = await cluster.Console.Run("stop", run, "--cluster", cluster.Gateway(1), "--json");
        var resting = await cluster.Console.Run("predict", run, "bar.png", "--cluster", cluster.Gateway(3), "--json");
        var whole = await Post($"{run}&show=true&figures=asIs", Picture(60, 80));
        var restingPosted = await Post($"{run}&show=true", Picture(60, 80), "image/png; charset=binary");

        Assert.True(live.ExitCode == 0, live.Error);
        Assert.Equal(["run", "slot", "live", "test", "predictions", "refused"], live.Json.EnumerateObject().Select(field => field.Name));
        Assert.True(live.Json.GetProperty("live").GetBoolean());
        Assert.Equal(
            ["fast", "fast", "joint", "joint"],
            new[] { live.Json, posted.Body, resting.Json, restingPosted.Body }.Select(answer => answer.GetProperty("test").GetString())
        );
        Assert.Equal(51, live.Json.GetProperty("predictions").GetArrayLength());
        Assert.True(
            live.Json.GetProperty("predictions")
                .EnumerateArray()
                .Take(50)
                .Where((prediction, i) => prediction.GetProperty("class").GetInt32() == i % 4)
                .Count() > 25,
            live.Output
        ); // it has learned something
        Assert.Equal((HttpStatusCode.OK, true), (posted.Status, posted.Body.GetProperty("live").GetBoolean()));
        Assert.True(posted.Body.GetProperty("slot").GetInt64() > live.Json.GetProperty("slot").GetInt64());
        Assert.Equal(stopped.Json.GetProperty("lastCheckpointSlot").GetInt64(), resting.Json.GetProperty("slot").GetInt64());
        Assert.Equal((HttpStatusCode.OK, false), (restingPosted.Status, restingPosted.Body.GetProperty("live").GetBoolean()));
        Assert.Equal(
            resting.Json.GetProperty("predictions")[0].GetProperty("class").GetInt32(),
            restingPosted.Body.GetProperty("class").GetInt32()
        );
        Assert.StartsWith("data:image/png;base64,", restingPosted.Body.GetProperty("shown").GetString(), StringComparison.Ordinal);
        // scaled, not cut out
        Assert.NotEqual(whole.Body.GetProperty("shown").GetString(), restingPosted.Body.GetProperty("shown").GetString());
        Assert.False(posted.Body.TryGetProperty("shown", out _));
        Assert.Equal(1, restingPosted.Body.GetProperty("probabilities").EnumerateArray().Sum(p => p.GetDouble()), 1e-5);
    }

    [RedisFact]
    public async Task What_is_no_question_is_refused_with_a_problem_of_one_sentence()
    {
        var done = await cluster.Train("--name", "answered");
        Assert.True(done.ExitCode == 0, done.Error);

        async Task Refused(HttpStatusCode status, string sentence, string? run = "answered", byte[]? body = null, string type = "image/png")
        {
            var refused = await Post(run, body ?? Picture(20, 20), type);
            Assert.Equal((status, sentence), (refused.Status, refused.Body.GetProperty("detail").GetString()));
        }

        await Refused(HttpStatusCode.NotFound, "There is no run named 'strange'.", run: "strange");
        await Refused(HttpStatusCode.BadRequest, "The name of the run is missing or too long, expected POST /predict?run=NAME.", run: null);
        await Refused(
            HttpStatusCode.BadRequest,
            "The name of the run is missing or too long, expected POST /predict?run=NAME.",
            run: new string('a', 300)
        );
        await Refused(
            HttpStatusCode.UnsupportedMediaType,
            "The content type is 'text/plain', expected image/png or image/jpeg.",
            type: "text/plain"
        );
        await Refused(HttpStatusCode.BadRequest, "The picture is empty, expected a PNG, a JPEG or an IDX file of images.", body: []);
        await Refused(
            HttpStatusCode.BadRequest,
            "The picture is no picture, expected a PNG, a JPEG or an IDX file of images.",
            body: [1, 2, 3]
        );
        await Refused(
            HttpStatusCode.BadRequest,
            "The picture is damaged or truncated, expected a whole PNG or JPEG.",
            body: Picture(60, 80)[..80]
        );
        var bomb = Picture(10_000, 10_000);
        await Refused(
            HttpStatusCode.BadRequest,
            $"The picture has 10000 x 10000 pixels in {bomb.Length} bytes, expected at most 50000000.",
            body: bomb
        );
        await Refused(
            HttpStatusCode.BadRequest,
            "The parameter show is neither true nor false, expected POST /predict?run=NAME&show=true.",
            run: "answered&show=please"
        );
        await Refused(
            HttpStatusCode.BadRequest,
            "The parameter figures is 'middle', expected centred or filling or asIs, as POST /predict?run=NAME&figures=asIs.",
            run: "answered&figures=middle"
        );
        await Refused(
            HttpStatusCode.RequestEntityTooLarge,
            "The picture cannot be taken (Request body too large. The max request body size is 8388608 bytes), expected at "
                + "most 8388608 bytes.",
            body: new byte[9 << 20]
        );
    }

    [RedisFact]
    public async Task Who_asks_too_much_is_told_to_come_later()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => Post("nobody", Picture(20, 20))));

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.TooManyRequests);
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.NotFound);
        Assert.All(
            answers.Where(answer => answer.Status == HttpStatusCode.TooManyRequests),
            answer =>
                Assert.StartsWith(
                    "More is asked than a silo answers",
                    answer.Body.GetProperty("detail").GetString(),
                    StringComparison.Ordinal
                )
        );
    }

    [RedisFact]
    public async Task An_unknown_run_is_refused()
    {
        var refused = await cluster.Console.Run("predict", "unknown", "bar.png", "--cluster", cluster.Gateway(1));

        Assert.Equal(2, refused.ExitCode);
        Assert.StartsWith("There is no run 'unknown' on the cluster", refused.Error, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> Post(string? run, byte[] body, string type = "image/png")
    {
        using var question = new HttpRequestMessage(
            HttpMethod.Post,
            $"{cluster.Silo(1).GetProperty("http").GetString()}/predict{(run is null ? "" : $"?run={run}")}"
        )
        {
            Content = new ByteArrayContent(body),
        };
        question.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        question.Headers.ExpectContinue = true; // what is refused before it is read is not sent
        using var answer = await Client.SendAsync(question);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(text));
    }

    /// <summary>A dark bar on paper.</summary>
    private static byte[] Picture(int width, int height)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        bitmap.Erase(SKColors.White);
        bitmap.Erase(SKColors.Black, new SKRectI(width / 3, height / 4, width / 2, height * 3 / 4));
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 95);
        return encoded.ToArray();
    }
}
