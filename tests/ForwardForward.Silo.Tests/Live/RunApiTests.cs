using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning.Specs;
using ForwardForward.Silo.Live;
using Microsoft.AspNetCore.Http;

namespace ForwardForward.Silo.Tests.Live;

/// <summary>What is told of runs by HTTP, and to whom, on a real silo in this process.</summary>
public sealed class RunApiTests(LiveSilo silo) : IClassFixture<LiveSilo>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly HttpClient _client = silo.Client;

    [Fact]
    public async Task A_run_is_told_of_by_name_in_a_list_and_to_its_end()
    {
        var experiment = await silo.Start("followed", epochs: 2);
        using var stream = await _client.GetAsync(Of("api/runs/followed/events"), HttpCompletionOption.ResponseHeadersRead);
        var events = await Events(stream);
        var run = await _client.GetFromJsonAsync<JsonElement>(Of("api/runs/followed"));
        var list = await _client.GetFromJsonAsync<JsonElement>(Of("api/runs"));

        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        Assert.Equal("status", events[0].Type);
        Assert.Equal("done", events.Last(one => one.Type == "status").Data.GetProperty("state").GetString());
        Assert.Equal([1, 2], events.Where(one => one.Type == "layer").Select(one => one.Data.GetProperty("layer").GetInt32()).Distinct());
        Assert.Equal(
            (await experiment.Status()).LastEvaluation!.ErrorFast,
            events.Last(one => one.Type == "evaluation").Data.GetProperty("testErrorFast").GetDouble()
        );
        Assert.Equal(["silo-1", "silo-1"], run.GetProperty("plan").EnumerateArray().Select(place => place.GetProperty("silo").GetString()));
        var listed = Assert.Single(list.EnumerateArray(), one => one.GetProperty("run").GetString() == "followed");
        Assert.Equal(
            ("done", 2, 4),
            (listed.GetProperty("state").GetString(), listed.GetProperty("epochs").GetInt32(), listed.GetProperty("classes").GetInt32())
        );
        Assert.Equal("""{"height":8,"width":8,"channels":1}""", listed.GetProperty("picture").GetRawText());
    }

    [Fact]
    public async Task A_run_that_is_ended_by_somebody_ends_its_streams_and_more_of_them_than_a_silo_serves_are_refused()
    {
        var experiment = await silo.Start("ended", epochs: 100_000);
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < EventStreams.Most; i++)
        {
            streams.Add(await _client.GetAsync(Of("api/runs/ended/events"), HttpCompletionOption.ResponseHeadersRead));
        }

        using var refused = await _client.GetAsync(Of("api/runs/ended/events"));
        await experiment.Cancel();
        var ends = await Task.WhenAll(streams.Select(Events));
        using var free = await _client.GetAsync(Of("api/runs/ended/events"), HttpCompletionOption.ResponseHeadersRead);
        streams.ForEach(stream => stream.Dispose());

        await IsProblem(refused, HttpStatusCode.TooManyRequests, "Runs are watched by as many as a silo serves, which is 32");
        Assert.All(ends, events => Assert.Equal("failed", events.Last(one => one.Type == "status").Data.GetProperty("state").GetString()));
        Assert.Equal(HttpStatusCode.OK, free.StatusCode);
    }

    [Fact]
    public async Task Who_comes_back_is_told_what_is_new_and_nothing_again()
    {
        await silo.Start("again", epochs: 2);
        using var stream = await _client.GetAsync(Of("api/runs/again/events"), HttpCompletionOption.ResponseHeadersRead);
        var all = await Events(stream);
        var ids = all.Select(one => one.Id).OfType<string>().ToList();
        using var request = new HttpRequestMessage(HttpMethod.Get, Of("api/runs/again/events"));
        request.Headers.Add("Last-Event-ID", ids[2]);
        using var later = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(ids[3..], (await Events(later)).Select(one => one.Id).OfType<string>());
    }

    [Fact]
    public async Task A_test_image_is_told_with_its_label_and_asked_about_together_with_every_layer()
    {
        var experiment = await silo.Start("tested", epochs: 100_000);
        var all = silo.Data.Test;
        var last = await _client.GetFromJsonAsync<JsonElement>(Of($"api/runs/tested/tests?from={all.Count - 3}&count=100"));
        var first = await _client.GetFromJsonAsync<JsonElement>(Of("api/runs/tested/tests"));
        var beyond = await _client.GetFromJsonAsync<JsonElement>(Of($"api/runs/tested/tests?from={all.Count}"));
        var image = last.GetProperty("images")[1];
        var png = Convert.FromBase64String(image.GetProperty("picture").GetString()!.Split(',')[1]);
        var answer = await Asked("predict?run=tested&figures=asIs&show=true&layers=true", png);
        var cheap = await Asked("predict?run=tested&figures=asIs", png);
        await experiment.Cancel();

        Assert.Equal((all.Count, all.Count - 2), (last.GetProperty("count").GetInt32(), image.GetProperty("image").GetInt32()));
        Assert.Equal(all.Labels[^3..], last.GetProperty("images").EnumerateArray().Select(one => one.GetProperty("label").GetByte()));
        Assert.Equal((24, 0), (first.GetProperty("images").GetArrayLength(), beyond.GetProperty("images").GetArrayLength()));
        Assert.Equal(all.Pixels[^128..^64], ImageFile.Read(png, "the picture", new PictureFrame(8, FigurePlacement.AsIs, isAsked: true)));
        Assert.Equal(image.GetProperty("picture").GetString(), answer.GetProperty("shown").GetString());
        var layers = answer.GetProperty("layers");
        Assert.Equal([1, 2], layers.EnumerateArray().Select(layer => layer.GetProperty("layer").GetInt32()));
        Assert.All(
            layers.EnumerateArray(),
            layer =>
            {
                var goodness = layer.GetProperty("goodness").EnumerateArray().Select(one => one.GetDouble()).ToList();
                Assert.Equal((4, goodness.IndexOf(goodness.Max())), (goodness.Count, layer.GetProperty("class").GetInt32()));
                Assert.InRange(layer.GetProperty("neutral").GetDouble(), 0, double.MaxValue);
            }
        );
        Assert.Equal(("fast", true), (answer.GetProperty("test").GetString(), answer.GetProperty("live").GetBoolean()));
        Assert.False(cheap.TryGetProperty("layers", out _));
    }

    [Fact]
    public async Task Test_images_that_are_not_here_or_too_many_are_refused_with_a_sentence()
    {
        var experiment = await silo.Start("gone", epochs: 100_000, data: "moved");
        silo.Forget("moved");
        using var many = await _client.GetAsync(Of("api/runs/gone/tests?count=101"));
        using var before = await _client.GetAsync(Of("api/runs/gone/tests?from=-1"));
        using var unknown = await _client.GetAsync(Of("api/runs/strange/tests"));
        using var absent = await _client.GetAsync(Of("api/runs/gone/tests"));
        using var unclear = await _client.PostAsync(Of("predict?run=gone&layers=perhaps"), null);
        await experiment.Cancel();

        await IsProblem(many, HttpStatusCode.BadRequest, "The parameters are from= and count=101, expected from=0 or more and count=1 to");
        await IsProblem(before, HttpStatusCode.BadRequest, "The parameters are from=-1 and count=");
        await IsProblem(unknown, HttpStatusCode.NotFound, "There is no run named 'strange'.");
        await IsProblem(absent, HttpStatusCode.NotFound, "The data of the run 'gone' (");
        await IsProblem(unclear, HttpStatusCode.BadRequest, "The parameter layers is neither true nor false, expected POST /predict");
    }

    [Theory]
    [InlineData("api/runs/strange")]
    [InlineData("api/runs/strange/events")]
    public async Task An_unknown_run_is_a_problem_of_one_sentence(string path)
    {
        using var answer = await _client.GetAsync(Of(path));
        await IsProblem(answer, HttpStatusCode.NotFound, "There is no run named 'strange'.");
    }

    [Theory]
    [InlineData("http://elsewhere.example", "POST", "predict?run=any")]
    [InlineData("null", "POST", "predict?run=any")]
    [InlineData("http://127.0.0.1:1", "DELETE", "lessons/any?run=any")]
    public async Task A_page_of_another_site_may_not_ask_or_teach(string origin, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Of(path)) { Headers = { { "Origin", origin } } };
        using var answer = await _client.SendAsync(request);
        await IsProblem(answer, HttpStatusCode.Forbidden, $"The page is of another site ({origin}), expected one of 127.0.0.1:");
    }

    [Fact]
    public async Task The_page_of_the_silo_itself_may_ask_and_a_name_that_leads_here_is_none_of_it()
    {
        using var own = new HttpRequestMessage(HttpMethod.Post, Of("predict?run=strange")) { Content = new ByteArrayContent([1]) };
        own.Headers.Add("Origin", $"http://{_client.BaseAddress!.Authority}");
        own.Content.Headers.ContentType = new("image/png");
        using var asked = await _client.SendAsync(own);
        using var rebound = new HttpRequestMessage(HttpMethod.Get, Of("api/runs")) { Headers = { Host = "rebound.example" } };
        using var refused = await _client.SendAsync(rebound);

        await IsProblem(asked, HttpStatusCode.NotFound, "There is no run named 'strange'.");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere_and_is_small()
    {
        using var page = await _client.GetAsync(Of("live"));
        var html = await page.Content.ReadAsStringAsync();
        var names = typeof(LivePage)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Live.Page.", StringComparison.Ordinal));
        var parts = names.Select(name => name.Split(".Live.Page.")[1]).ToList();
        var size = 0;
        foreach (var part in parts)
        {
            using var answer = await _client.GetAsync(Of($"live/{part}"));
            var text = await answer.Content.ReadAsStringAsync();
            size += text.Length;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(LivePage.Policy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(answer.Headers.CacheControl!.NoCache);
            Assert.DoesNotMatch("https?://(?!www[.]w3[.]org/2000/svg)", text);
        }

        Assert.StartsWith("default-src 'self'", LivePage.Policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", LivePage.Policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", LivePage.Policy, StringComparison.Ordinal);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotMatch("<style|style=|<script(?! type=\"module\" src=)| on[a-z]+=", html);
        Assert.InRange(size, 10_000, 100_000);
        using var again = new HttpRequestMessage(HttpMethod.Get, Of("live")) { Headers = { { "If-None-Match", $"{page.Headers.ETag}" } } };
        using var unchanged = await _client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task The_document_of_the_API_has_every_path_and_what_each_takes()
    {
        var document = await _client.GetFromJsonAsync<JsonElement>(Of("openapi.json"));
        var paths = document.GetProperty("paths");
        var asks = paths.GetProperty("/predict").GetProperty("post");

        Assert.Superset(
            new HashSet<string> { "/predict", "/api/runs", "/api/runs/{run}", "/api/runs/{run}/events", "/api/runs/{run}/tests" },
            paths.EnumerateObject().Select(path => path.Name).ToHashSet()
        );
        Assert.Contains(asks.GetProperty("parameters").EnumerateArray(), one => one.GetProperty("name").GetString() == "layers");
        Assert.All(
            paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()),
            operation =>
            {
                Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
                Assert.True(operation.Value.GetProperty("responses").GetProperty("200").TryGetProperty("content", out _), operation.Name);
            }
        );
        Assert.DoesNotContain(paths.EnumerateObject(), path => path.Name.StartsWith("/live", StringComparison.Ordinal));
        Assert.Equal(
            ["image/png", "image/jpeg"],
            asks.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(type => type.Name)
        );
        Assert.True(asks.GetProperty("responses").TryGetProperty($"{StatusCodes.Status404NotFound}", out _));
    }

    private async Task<JsonElement> Asked(string path, byte[] png)
    {
        using var body = new ByteArrayContent(png) { Headers = { ContentType = new("image/png") } };
        using var answer = await _client.PostAsync(Of(path), body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static Uri Of(string path) => new($"/{path}", UriKind.Relative);

    private static async Task IsProblem(HttpResponseMessage answer, HttpStatusCode status, string sentence)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.StartsWith(sentence, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>All of a stream, once it has ended.</summary>
    private static async Task<IReadOnlyList<(string Type, JsonElement Data, string? Id)>> Events(HttpResponseMessage answer)
    {
        var parsed = System.Net.ServerSentEvents.SseParser.Create(await answer.Content.ReadAsStreamAsync());
        using var longest = new CancellationTokenSource(Patience);
        var events = new List<(string, JsonElement, string?)>();
        await foreach (var item in parsed.EnumerateAsync(longest.Token))
        {
            events.Add((item.EventType, JsonDocument.Parse(item.Data).RootElement, item.EventId));
        }

        return events;
    }
}
