using ForwardForward.Learning.Native;

namespace ForwardForward.Console.Tests;

/// <summary>What a program does with the library and what the console does are the same.</summary>
public sealed class LibraryTests : Workplace
{
    [Fact]
    public async Task A_program_that_trains_ends_in_the_bytes_of_the_reference()
    {
        await File.WriteAllTextAsync(At("defaults.json"), "{}");
        var reference = await FfInProcess.Run(Folder, ["train", "defaults.json", "--reference", "--json", .. Small]);
        Assert.True(reference.ExitCode == 0, reference.Error);

        using var network = FFNetwork.Create(64, 4, [16, 16], options => (options.BatchSize, options.Precision) = (20, "fp32"));
        await foreach (var epoch in network.FitAsync(Part("train"), Part("t10k"), epochs: 2))
        {
            Assert.NotNull(epoch.TestError);
        }

        Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), network.StateHash);
        Assert.Equal(reference.Json.GetProperty("testErrorFast").GetDouble(), network.Evaluate(Part("t10k")));
    }

    [Theory]
    [InlineData("seed=1")]
    [InlineData("topDown.iterations=5")]
    [InlineData("shards=1,2")]
    public async Task A_program_reads_the_network_that_was_exported(string kind)
    {
        LibTorch.EnsureLoaded();
        var trained = await FfInProcess.Run(Folder, ["train", "--reference", "--json", "--name", "first", "--set", kind, .. Small]);
        Assert.True(trained.ExitCode == 0, trained.Error);
        var exported = await FfInProcess.Run(Folder, "export", "first", "-o", "model.safetensors");
        Assert.True(exported.ExitCode == 0, exported.Error);

        using var network = FFNetwork.Load(At("model.safetensors"));
        Assert.Equal(trained.Json.GetProperty("testErrorFast").GetDouble(), network.Evaluate(Part("t10k")));
    }

    private LabelledRows Part(string name) =>
        LabelledRows.ReadIdx(At("tiny", $"{name}-images-idx3-ubyte"), At("tiny", $"{name}-labels-idx1-ubyte"));
}
