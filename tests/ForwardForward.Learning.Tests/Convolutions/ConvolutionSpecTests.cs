using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Convolutions;

public sealed class ConvolutionSpecTests
{
    private const string Objects = """{"layers": [{"channels": 8, "kernel": 5}, {"channels": 16, "groups": 4}]}""";

    [Fact]
    public void Layers_may_be_objects_and_numbers_as_ever()
    {
        var spec = SpecReader.Parse(Objects, "own");

        Assert.Equal([8, 16], spec.Layers);
        Assert.Equal([(5, 1), (3, 4)], spec.Convolutions.Select(layer => (layer.Kernel, layer.Groups)));
        Assert.Equal(RecipeKind.Convolution, Recipe.NameOf(spec));
        Assert.Equal(SpecReader.Write(spec), SpecReader.Write(SpecReader.Parse(SpecReader.Write(spec), "written")));
        Assert.Empty(SpecReader.Parse("""{"layers": [8, 16]}""", "own").Convolutions);
    }

    [Theory]
    [InlineData("""{"layers": [{"kernel": 5}]}""", "own: layers[0] has no channels, expected an object with them, as the others have.")]
    [InlineData(
        """{"layers": [{"channels": 8}, 16]}""",
        "own: layers[1] has no channels, expected an object with them, as the others have."
    )]
    [InlineData(
        """{"layers": [{"channels": 8, "kernel": 0}]}""",
        "own: convolutions[0].kernel is 0, expected a whole number from 1 to 15."
    )]
    [InlineData(
        """{"layers": [{"channels": 8, "pool": "max"}]}""",
        "own: convolutions[0].pool is \"max\", expected one of none, maximum, average."
    )]
    [InlineData(
        """{"layers": [{"channels": 8, "shortcutFrom": -1}]}""",
        "own: convolutions[0].shortcutFrom is -1, expected a whole number from 0 to 63."
    )]
    [InlineData(
        """{"layers": [{"channels": 8, "shortcut": "concat"}]}""",
        "own: convolutions[0].shortcut is \"concat\", expected one of add, concatenate."
    )]
    [InlineData("""{"layers": [{"channels": 8, "kernel": 3, "kernel": 5}]}""", "own: kernel is given twice, expected once.")]
    [InlineData(
        """{"layers": [{"channels": 8}], "convolutions": []}""",
        "own: convolutions is given, and in layers too; expected one of them."
    )]
    public void What_no_layer_can_be_is_refused_in_a_sentence(string json, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<InvalidInputException>(() => SpecReader.Parse(json, "own")).Message);

    public static TheoryData<ExperimentSpec, string> Unfit =>
        new()
        {
            {
                TinyConvolutions.Spec(new ConvolutionLayerSpec()) with
                {
                    Layers = [10],
                },
                "layers[0]: 10 channels do not fall into a set for each of 4 classes; expected a multiple of 4."
            },
            {
                TinyConvolutions.Spec(new ConvolutionLayerSpec(), new ConvolutionLayerSpec { Groups = 3 }),
                "convolutions[1].groups: 3 groups do not divide both the 8 channels below and the 16 of the layer; expected "
                    + "a number that does."
            },
            {
                TinyConvolutions.Spec(new ConvolutionLayerSpec { Kernel = 9, Padding = 0 }),
                "convolutions[0].kernel: 9 points a side are more than the 8 x 8 points below with 0 of padding; expected a smaller kernel."
            },
            {
                TinyConvolutions.Spec(
                    new ConvolutionLayerSpec
                    {
                        Pool = Pooling.Maximum,
                        PoolSide = 8,
                        Padding = 0,
                    }
                ),
                "convolutions[0].poolSide: 8 points a side are more than the 6 x 6 that the convolution makes; expected fewer."
            },
            {
                TinyConvolutions.Spec(new ConvolutionLayerSpec { Kernel = 8, Padding = 0 }) with
                {
                    BatchSize = 1,
                },
                "convolutions[0].normalization: a batch of 1 picture with 1 point has no deviation; expected a larger batchSize, or "
                    + "normalization group."
            },
            {
                TinyConvolutions.Spec(new ConvolutionLayerSpec { Normalization = ChannelNormalization.Group }),
                "convolutions[0].goodness: the mean of squares is the same for every set that group normalization has made alike; expected "
                    + "mean with it, or normalization batch or layer."
            },
            {
                TinyConvolutions.Spec(new ConvolutionLayerSpec()) with
                {
                    Layers = [8, 8],
                },
                "convolutions: 1 for 2 layers; expected one for each, where recipe is convolution."
            },
            {
                TinyConvolutions.Spec(new ConvolutionLayerSpec()) with
                {
                    Shards = [2],
                },
                "shards: layers are whole with signals from above, local fields, convolutions and backpropagation; expected an empty list "
                    + "with these."
            },
            {
                TinyConvolutions.Spec(new ConvolutionLayerSpec()) with
                {
                    Images = new ImagesSpec { Channels = 3 },
                },
                "images: 64 numbers are no square picture with 3 channels; expected images.channels and images.height as the "
                    + "pictures have them."
            },
            {
                TinyConvolutions.Spec(TinyConvolutions.Hiding, new ConvolutionLayerSpec()) with
                {
                    Goodness = new GoodnessSpec { Contrast = 1 },
                },
                "goodness.contrast: convolutions[1] has batch normalization; expected one of each picture (group, layer, instance) in "
                    + "every layer, or 0."
            },
            {
                TinyConvolutions.Spec(TinyConvolutions.Hiding) with
                {
                    Goodness = new GoodnessSpec { Contrast = 1 },
                    BatchSize = 1,
                },
                "goodness.contrast: a batch of 1 picture has nothing to compare it with; expected a larger batchSize."
            },
            {
                TinyRun.Spec() with
                {
                    Goodness = new GoodnessSpec { Contrast = 1 },
                },
                "goodness.contrast: only convolutional layers have it; expected 0."
            },
            {
                TinyConvolutions.Spec(new ConvolutionLayerSpec()) with
                {
                    Recipe = RecipeKind.Supervised,
                },
                "convolutions: the recipe supervised has none; expected an empty list, or recipe convolution or auto."
            },
            {
                TinyRun.Spec() with
                {
                    Optimizer = new OptimizerSpec { Clip = 1 },
                },
                "optimizer.clip: only convolutional layers have it; expected 0."
            },
            {
                TinyRun.Spec() with
                {
                    Readout = new ReadoutSpec { Input = ReadoutInputs.Goodness },
                },
                "readout.input: only convolutional layers have a goodness of every class; expected activity or auto."
            },
            {
                TinyConvolutions.Spec(new ConvolutionLayerSpec()) with
                {
                    Precision = Precision.Bf16,
                },
                "precision: a convolutional network is not computed in bf16; expected fp32, portable or auto."
            },
            {
                TinyConvolutions.Spec(new ConvolutionLayerSpec { ShortcutFrom = 1 }),
                "convolutions[0].shortcutFrom: layer 1 is not below layer 1; expected 0, since nothing is below the first."
            },
            {
                TinyConvolutions.Spec(new(), new(), new ConvolutionLayerSpec { ShortcutFrom = 3 }),
                "convolutions[2].shortcutFrom: layer 3 is not below layer 3; expected a number from 1 to 2, or 0 for none."
            },
            {
                TinyConvolutions.Spec(new(), new ConvolutionLayerSpec { ShortcutFrom = 1 }),
                "convolutions[1].shortcut: the 8 channels of layer 1 cannot be added to the 16 of layer 2; expected as many, or "
                    + "concatenate."
            },
            {
                TinyConvolutions.Spec(
                    TinyConvolutions.ByName["assigned"].Convolutions[0],
                    new ConvolutionLayerSpec { ShortcutFrom = 1, Shortcut = ShortcutKind.Concatenate }
                ) with
                {
                    Layers = [10, 8],
                },
                "convolutions[1].shortcut: the 10 channels of layer 1 do not fall into a set for each of 4 classes; expected a multiple "
                    + "of 4, or add."
            },
            {
                TinyConvolutions.Spec(new(), new(), new ConvolutionLayerSpec { ShortcutFrom = 1, Padding = 0 }),
                "convolutions[2].shortcutFrom: no squares of the 8 x 8 points of layer 1 make the 6 x 6 of layer 3; expected as many "
                    + "points, or a whole number of times as many a side."
            },
        };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_network_that_cannot_be_made_of_the_pictures_is_refused_in_a_sentence(ExperimentSpec spec, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<InvalidInputException>(() => TinyRun.Train(spec)).Message);
}
