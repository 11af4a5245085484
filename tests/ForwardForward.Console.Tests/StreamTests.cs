using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ForwardForward.Learning.Data;

namespace ForwardForward.Console.Tests;

/// <summary><c>train --stream</c>: a run learns from examples as they come.</summary>
public sealed class StreamTests : Workplace
{
    private static readonly HttpClient Client = new();

    [Fact]
    public async Task A_first_line_that_is_no_example_is_told_with_its_number_and_without_a_trace()
    {
        await File.WriteAllTextAsync(At("first.jsonl"), "nonsense\n");

        var refused = await Train("--stream", "first.jsonl");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("first.jsonl: line 1 is no example", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_of_standard_input_and_its_journal_make_the_same_run_on_silos_and_by_the_reference()
    {
        var piped = Console.Start(["train", .. Small, "--json", "--stream", "-", "--name", "piped"]);
        await piped.StandardInput.WriteAsync(string.Concat(Lines(315)));
        piped.StandardInput.Close();
        var first = await Ff.Finish(piped);
        var journal = At("runs", "piped", "stream.jsonl");
        var reference = await Train("--json", "--stream", journal, "--reference", "--name", "reference");
        var silos = await Train("--json", "--stream", journal, "--silos", "2", "--name", "silos");

        Assert.True(first.ExitCode == 0, first.Error);
        Assert.True(reference.ExitCode == 0, reference.Error);
        Assert.Equal(315, first.Json.GetProperty("examples").GetInt64());
        var hash = first.Json.GetProperty("stateHash").GetString();
        Assert.Equal([hash, hash], new[] { reference, silos }.Select(run => run.Json.GetProperty("stateHash").GetString()));
        Assert.Equal(await File.ReadAllBytesAsync(journal), await File.ReadAllBytesAsync(At("runs", "silos", "stream.jsonl")));
        Assert.EndsWith("{\"end\":true}\n", await File.ReadAllTextAsync(journal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"label\":1,\"pixels\":[0,1,300]}", "input.jsonl: line 41 has the pixel 300, expected whole numbers from 0 to 255.")]
    [InlineData("{\"label\":9,\"pixels\":\"AAAA\"}", "input.jsonl: line 41 has the label 9, expected 0 to 3.")]
    [InlineData("{\"label\":1,\"pixels\":\"AAAA\"}", "input.jsonl: line 41 has 3 pixels, expected 64.")]
    [InlineData("{\"label\":1,\"pixels\":[NaN]}", "input.jsonl: line 41 is no example, expected {\"label\":7,")]
    [InlineData("[1]", "input.jsonl: line 41 is no example, expected {\"label\":7,")]
    [InlineData("{\"label\":1,\"picture\":\"AAAA\"}", "The picture of input.jsonl: line 41 ")]
    public async Task What_is_no_example_ends_the_stream_with_a_sentence_and_what_came_before_is_learned(string line, string sentence)
    {
        await File.WriteAllTextAsync(At("input.jsonl"), string.Concat([.. Lines(40), line + "\n", .. Lines(40)]));
        var run = await Train("--json", "--stream", "input.jsonl", "--reference");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(("done", 40), (run.Json.GetProperty("state").GetString(), run.Json.GetProperty("examples").GetInt32()));
        Assert.StartsWith(sentence, run.Error.Trim().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examples_that_come_by_HTTP_enter_once_and_an_interrupted_run_goes_on_with_its_journal()
    {
        var process = Console.Start(["train", .. Small, "--json", "--stream", "http", "--name", "posted"]);
        var address = "";
        while (!address.StartsWith("stream", StringComparison.Ordinal))
        {
            address = await process.StandardError.ReadLineAsync() ?? throw new InvalidOperationException("It has ended.");
        }

        address = address[6..].Trim();
        var lines = Lines(200);
        var first = await Post($"{address}&id=one", lines[..60]);
        var again = await Post($"{address}&id=one", lines[..60]);
        var bad = await Post($"{address}&id=bad", [lines[60], "{}\n"]);
        var foreign = await Post($"{address}&id=foreign", lines[..1], origin: "http://elsewhere.example");
        var journal = await Client.GetStringAsync(new Uri(address));
        using (var kill = System.Diagnostics.Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        var interrupted = await Ff.Finish(process);
        await File.WriteAllTextAsync(At("rest.jsonl"), string.Concat(lines[60..]));
        var resumed = await Run("resume", "posted", "--stream", "rest.jsonl", "--json");
        await File.WriteAllTextAsync(At("whole.jsonl"), string.Concat(lines));
        var reference = await Train("--json", "--stream", "whole.jsonl", "--reference", "--name", "whole");

        Assert.Equal((HttpStatusCode.OK, 60, true), (first.Status, first.Json.GetProperty("total").GetInt32(), Is(first, "isNew")));
        Assert.Equal((60, false), (again.Json.GetProperty("total").GetInt32(), Is(again, "isNew")));
        Assert.Equal(HttpStatusCode.BadRequest, bad.Status);
        Assert.StartsWith("Line 2 has no label", bad.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.Status);
        Assert.Equal(string.Concat(lines[..60]), journal);
        Assert.Equal(130, interrupted.ExitCode);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), resumed.Json.GetProperty("stateHash").GetString());
    }

    [Fact]
    public async Task A_stream_that_is_longer_than_the_epochs_is_learned_as_far_as_they_go_and_says_so()
    {
        var endless = Console.Start(["train", .. Small, "--json", "--stream", "-"]);
        await endless.StandardInput.WriteAsync(string.Concat(Lines(430)));
        await endless.StandardInput.FlushAsync();
        var run = await Ff.Finish(endless); // nobody has said that the input is over

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(400, run.Json.GetProperty("examples").GetInt64());
        Assert.Contains(
            "The 2 epochs ended after 400 examples, and the stream may go on: more --epochs take more.",
            run.Json.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString())
        );
    }

    [Theory]
    [InlineData("stream: true, but no examples come from anywhere", "--set", "stream=true")]
    [InlineData("nothing.jsonl does not exist", "--stream", "nothing.jsonl")]
    [InlineData("--reference runs without silos, and --stream http", "--stream", "http", "--reference")]
    public async Task A_stream_that_cannot_be_is_refused_and_leaves_nothing(string sentence, params string[] how)
    {
        var refused = await Train(how);

        Assert.Equal(2, refused.ExitCode);
        Assert.StartsWith(sentence, refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("runs")));
    }

    private static bool Is((HttpStatusCode Status, JsonElement Json) answer, string field) => answer.Json.GetProperty(field).GetBoolean();

    private static async Task<(HttpStatusCode Status, JsonElement Json)> Post(string address, string[] lines, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(string.Concat(lines), Encoding.UTF8, "application/x-ndjson"),
        };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    // In the form in which a journal has them.
    private string[] Lines(int count)
    {
        var images = Idx.ReadImages(At("tiny", "train-images-idx3-ubyte"));
        var labels = Idx.ReadLabels(At("tiny", "train-labels-idx1-ubyte"));
        var size = images.PixelsPerImage;
        string Line(int i) => $"{{\"label\":{labels[i]},\"pixels\":\"{Convert.ToBase64String(images.Pixels, i * size, size)}\"}}\n";
        return [.. Enumerable.Range(0, count).Select(i => Line(i * 7 % labels.Length))];
    }
}
