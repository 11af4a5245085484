using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Console.Tests;

/// <summary>Runs that start from weights which another run has ended with.</summary>
public sealed class ImportTests : Workplace
{
    private static readonly string[] Learned = ["--set", "optimizer.learningRate=0", "--set", "readout.learningRate=0", "--epochs", "1"];

    [Theory]
    [InlineData("seed=1")]
    [InlineData("topDown.iterations=5")]
    [InlineData("shards=1,2")]
    [InlineData("replicas=2,1")]
    [InlineData("backpropagation.network=perceptron")]
    [InlineData("backpropagation.network=convolutional")]
    public async Task A_run_that_learns_nothing_more_errs_as_the_one_that_its_weights_are_from(string kind)
    {
        var first = await Train("--json", "--name", "first", "--set", kind);
        var exported = await Run("export", "first", "-o", "model.safetensors");
        Assert.True(exported.ExitCode == 0, exported.Error);

        var again = await Train(["--json", "--import", "model.safetensors", "--set", kind, .. Learned]);

        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Equal(first.Json.GetProperty("testErrorFast").GetDouble(), again.Json.GetProperty("testErrorFast").GetDouble());
        Assert.Equal(first.Json.GetProperty("testErrorGoodness").ToString(), again.Json.GetProperty("testErrorGoodness").ToString());
    }

    [Fact]
    public async Task It_goes_on_to_the_same_bytes_however_it_runs_and_when_it_is_resumed_without_the_file()
    {
        await Train("--name", "first");
        await Run("export", "first", "-o", "model.safetensors");

        async Task<string> Hash(params string[] how)
        {
            var run = await Train(["--json", "--import", "model.safetensors", .. how]);
            Assert.True(run.ExitCode == 0, run.Error);
            return run.Json.GetProperty("stateHash").GetString()!;
        }

        var reference = await Hash("--reference");
        Assert.Equal([reference, reference], [await Hash("--silos", "1"), await Hash("--silos", "3")]);
        Assert.NotEqual(reference, (await Train("--json")).Json.GetProperty("stateHash").GetString());

        using var running = Console.Start([
            "train",
            .. Small,
            "--epochs",
            "100000",
            "--set",
            "checkpoint.everySlots=10",
            "--import",
            "model.safetensors",
            "--name",
            "killed",
        ]);
        while (await running.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("epoch 3", StringComparison.Ordinal)) { }

        running.Kill();
        await running.WaitForExitAsync();
        File.Delete(At("model.safetensors"));
        using var resumed = Console.Start("resume", "killed");
        var first = await resumed.StandardOutput.ReadLineAsync();
        while (await resumed.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("epoch", StringComparison.Ordinal)) { }

        Assert.NotNull(first);
        Assert.False(resumed.HasExited);
        resumed.Kill();
    }

    [Fact]
    public async Task Weights_that_do_not_fit_are_refused_with_one_sentence_and_leave_no_run()
    {
        await Train("--name", "first");
        await Run("export", "first", "-o", "model.safetensors");
        var model = await File.ReadAllBytesAsync(At("model.safetensors"));
        await File.WriteAllBytesAsync(At("cut.safetensors"), model[..^4]);
        await File.WriteAllTextAsync(At("text.safetensors"), "no weights at all");
        Write("bare.safetensors", tensors => tensors.Skip(1));
        Write(
            "endless.safetensors",
            tensors =>
                tensors.Select(
                    (tensor, i) => i == 1 ? StateTensor.Of(tensor.Name, tensor.Rows, [.. tensor.ToFloats().Select(_ => float.NaN)]) : tensor
                )
        );

        async Task Refused(string sentence, string file, params string[] more)
        {
            var refused = await Train(["--import", file, .. more]);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
            Assert.Single(refused.Error.Trim().Split('\n'));
        }

        await Refused("none.safetensors does not exist, expected a file of weights as `ff export` writes it.", "none.safetensors");
        await Refused("expected", "cut.safetensors");
        await Refused("claims a header", "text.safetensors");
        await Refused("has no tensor 'layers.0.weight', expected one of 16 x 64.", "bare.safetensors");
        await Refused("has a value in 'layers.0.bias' that is no finite number.", "endless.safetensors");
        await Refused(
            "has a tensor 'layers.0.weight' of 16 x 64, expected 20 x 64 for this network.",
            "model.safetensors",
            "--set",
            "layers=20,16"
        );
        await Refused(
            "is not the file that the spec means, expected one with the SHA-256 00.",
            "model.safetensors",
            "--set",
            "start.sha256=00"
        );
        Assert.Equal(["first"], Directory.GetDirectories(At("runs")).Select(Path.GetFileName));
    }

    private void Write(string name, Func<IReadOnlyList<StateTensor>, IEnumerable<StateTensor>> change)
    {
        using var model = File.OpenRead(At("model.safetensors"));
        var tensors = change(Safetensors.Read(model, model.Length, "model.safetensors").Tensors).ToList();
        using var file = File.Create(At(name));
        foreach (var part in Safetensors.Write(tensors, new Dictionary<string, string>()))
        {
            file.Write(part.Span);
        }
    }
}
