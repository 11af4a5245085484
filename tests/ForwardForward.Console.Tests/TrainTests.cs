using System.Text.Json;

namespace ForwardForward.Console.Tests;

public sealed class TrainTests : Workplace
{
    private static readonly string[] Promised =
    [
        "run",
        "preset",
        "dataset",
        "epochs",
        "seed",
        "precision",
        "silos",
        "slots",
        "seconds",
        "samplesPerSecond",
        "testErrorFast",
        "testErrorGoodness",
        "layerErrors",
        "stateHash",
        "fingerprint",
        "recoveries",
        "matrixRateShare",
        "output",
    ];

    [Fact]
    public async Task Prints_one_JSON_object_with_every_promised_field_on_stdout()
    {
        var result = await Train("--reference", "--json", "--seed", "7");

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(Promised.Except(result.Json.EnumerateObject().Select(field => field.Name)));
        Assert.Equal(("supervised-quick", 2, 7, "fp32"), (Text("preset"), Number("epochs"), Number("seed"), Text("precision")));
        Assert.Equal(At("tiny"), Text("dataset"));
        Assert.Matches("^[0-9a-f]{64}$", Text("stateHash"));
        Assert.InRange(result.Json.GetProperty("testErrorFast").GetDouble(), 0, 1);
        Assert.InRange(result.Json.GetProperty("testErrorGoodness").GetDouble(), 0, 1);
        Assert.All(result.Json.GetProperty("layerErrors").EnumerateArray(), error => Assert.InRange(error.GetDouble(), 0, 1));
        Assert.Equal(2, result.Json.GetProperty("layerErrors").GetArrayLength());
        Assert.True(result.Json.GetProperty("samplesPerSecond").GetDouble() > 0);
        MatrixRateShare.AssertIn(result.Json);
        Assert.Contains("epoch 2/2", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("\nnext                  ff report supervised-quick-1\n", result.Error, StringComparison.Ordinal);

        string Text(string field) => result.Json.GetProperty(field).GetString()!;
        int Number(string field) => result.Json.GetProperty(field).GetInt32();
    }

    [Theory]
    [InlineData("--silos", "2")]
    [InlineData("--reference")]
    public async Task A_run_that_diverges_ends_in_one_sentence_and_nothing_else(params string[] how)
    {
        var result = await Train([
            "--set",
            "optimizer.learningRate=10",
            "--set",
            "optimizer.weightDecay=1",
            "--epochs",
            "50",
            "--set",
            "checkpoint.everySlots=3",
            "--json",
            .. how,
        ]);

        Assert.Equal(
            (1, "failed", 0),
            (result.ExitCode, result.Json.GetProperty("state").GetString(), result.Json.GetProperty("recoveries").GetInt32())
        );
        var sentence = Assert.Single(result.Error.Split('\n'), line => line.Contains("diverged", StringComparison.Ordinal));
        Assert.Matches(
            @"^Layer \d has diverged at slot \d+: its goodness is .*; lower optimizer\.learningRate \(10\)\. What was measured "
                + @"until then is in ",
            sentence
        );
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_spec_metrics_and_summary_in_the_runs_folder()
    {
        var result = await Train("--reference", "--json", "--out", "here/mine");

        string[] files = [.. Directory.GetFiles(At("here", "mine")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(["metrics.jsonl", "spec.json", "summary.json"], files);
        Assert.Equal(
            ("mine", At("here", "mine")),
            (result.Json.GetProperty("run").GetString(), result.Json.GetProperty("output").GetString())
        );
        Assert.True(
            JsonElement.DeepEquals(
                result.Json,
                JsonDocument.Parse(await File.ReadAllTextAsync(At("here", "mine", "summary.json"))).RootElement
            )
        );
        var metrics = (await File.ReadAllLinesAsync(At("here", "mine", "metrics.jsonl")))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        var evaluations = metrics.Where(line => line.GetProperty("type").GetString() == "evaluation").ToList();
        Assert.Equal([1, 2], evaluations.Select(line => line.GetProperty("epoch").GetInt32()));
        Assert.Equal(JsonValueKind.Null, evaluations[0].GetProperty("testErrorGoodness").ValueKind);
        Assert.Equal(JsonValueKind.Null, evaluations[0].GetProperty("layerErrors").ValueKind);
        Assert.Equal(2, evaluations[1].GetProperty("layerErrors").GetArrayLength());
        Assert.Equal(
            [1, 2],
            metrics
                .Where(line => line.GetProperty("type").GetString() == "layer")
                .Select(line => line.GetProperty("layer").GetInt32())
                .Distinct()
                .Order()
        );
        // of the state that a run on grains would end with a checkpoint of
        Assert.Single(metrics, line => line.GetProperty("type").GetString() == "trace");
    }

    [Fact]
    public async Task Its_stored_spec_runs_to_the_same_state_again()
    {
        var first = await Train("--reference", "--json", "--out", "a");

        var second = await Console.Run("train", "a/spec.json", "--reference", "--json", "--out", "b");

        Assert.Equal(first.Json.GetProperty("stateHash").GetString(), second.Json.GetProperty("stateHash").GetString());
        Assert.Equal(await File.ReadAllTextAsync(At("a", "spec.json")), await File.ReadAllTextAsync(At("b", "spec.json")));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task Silos_end_in_the_state_of_the_reference(string silos)
    {
        var reference = await Train("--reference", "--json");

        var onSilos = await Train("--silos", silos, "--json");

        Assert.Equal((0, ""), (onSilos.ExitCode, onSilos.ExitCode == 0 ? "" : onSilos.Error));
        Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), onSilos.Json.GetProperty("stateHash").GetString());
        Assert.Equal(silos, onSilos.Json.GetProperty("silos").GetRawText());
    }

    [Fact]
    public async Task Numbers_runs_that_are_given_no_name_and_overwrites_none()
    {
        Directory.CreateDirectory(At("runs", "supervised-quick-2"));

        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Console.Run(["train", .. Small, "--reference", "--json"])));

        Assert.Equal(
            ["supervised-quick-1", "supervised-quick-3"],
            results.Select(result => result.Json.GetProperty("run").GetString()).Order()
        );
    }

    [Fact]
    public async Task Says_without_JSON_on_stdout_how_it_goes_and_ended()
    {
        var result = await Train("--reference", "--name", "seen");

        Assert.Equal("", result.Error);
        Assert.Contains("epoch 1/2, test error", result.Output, StringComparison.Ordinal);
        Assert.Contains("state hash", result.Output, StringComparison.Ordinal);
        Assert.Contains(At("runs", "seen"), result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_diverges_exits_with_1_and_says_why()
    {
        var result = await Train(
            "--reference",
            "--set",
            "optimizer.learningRate=10",
            "--set",
            "optimizer.weightDecay=1",
            "--epochs",
            "50",
            "--json"
        );

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("failed", result.Json.GetProperty("state").GetString());
        Assert.Contains("diverged", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
