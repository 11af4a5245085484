using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Networks;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Learning.Tests.Convolutions;

public sealed class ConvolutionWeightsTests
{
    [Theory]
    [MemberData(nameof(TinyConvolutions.Kinds), MemberType = typeof(TinyConvolutions))]
    public void Another_run_begins_with_what_one_has_written(string kind)
    {
        var spec = TinyConvolutions.ByName[kind];
        using var folder = new TemporaryFolder();
        var file = folder["weights.safetensors"];
        using var trainer = new SequentialTrainer(spec, TinyRun.Data, new(1));
        trainer.RunEpoch(default);
        var state = trainer.State();
        File.WriteAllBytes(
            file,
            [.. Safetensors.Write(NetworkFile.Tensors(spec, state), NetworkFile.Metadata(spec)).SelectMany(piece => piece.ToArray())]
        );
        var begun = StartFile.Resolve(spec with { Start = new StartSpec { Weights = file } });
        InitialWeights.Check(begun, TinyRun.Data.Train.PixelsPerImage, TinyRun.Data.Classes);

        using var another = new SequentialTrainer(begun, TinyRun.Data, new(1));

        var names = Recipe.Of(spec).Network.WeightNames(0).Select(name => name.Name).ToList();
        Assert.Contains("weights", names);
        Assert.All(
            names,
            name =>
                Assert.Equal(
                    state[0].Single(tensor => tensor.Name == name).ToFloats(),
                    another.State()[0].Single(tensor => tensor.Name == name).ToFloats()
                )
        );
        var refused = Assert.Throws<InvalidInputException>(() => FFNetwork.Load(file));
        Assert.EndsWith(
            "has a network that learned by backpropagation or is convolutional, expected one of dense Forward-Forward layers.",
            refused.Message,
            StringComparison.Ordinal
        );
    }
}
