using ForwardForward.Chaos;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Data;

public sealed class DataDescriptionTests : IDisposable
{
    private static readonly DataDescription Coloured = new(6, 8, 3, 2, "cat/dog");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_is_said_of_grey_square_pictures_without_names() =>
        Assert.Equal(new ImagesSpec(), new DataDescription(28, 28, 1, 10, "").Fill(new ExperimentSpec()).Images);

    [Fact]
    public void Channels_rows_and_names_are_filled_in()
    {
        var images = Coloured.Fill(new ExperimentSpec()).Images;

        Assert.Equal((3, 6, "cat/dog"), (images.Channels, images.Height, images.ClassNames));
        Assert.Equal(0, (Coloured with { Width = 6 }).Fill(new ExperimentSpec()).Images.Height);
        Assert.Equal(images, Coloured.Fill(new ExperimentSpec { Images = images }).Images);
    }

    [Fact]
    public void Names_that_somebody_gives_are_kept_where_every_class_has_one()
    {
        Assert.Equal("a/b", Coloured.Fill(new ExperimentSpec { Images = new() { ClassNames = "a/b" } }).Images.ClassNames);
        AssertRefused("images.classNames: 3 names for 2 classes; expected one for each, or none.", new() { ClassNames = "a/b/c" });
    }

    [Fact]
    public void A_spec_that_says_something_else_of_the_pictures_is_refused()
    {
        AssertRefused("images.channels: 4, and the pictures have 3 for each pixel; expected 3.", new() { Channels = 4 });
        AssertRefused("images.height: 8, and the pictures have 6 rows; expected 6.", new() { Height = 8 });
    }

    [Fact]
    public void Layers_that_see_squares_of_grey_pictures_are_refused_for_coloured_ones()
    {
        var local = new ExperimentSpec
        {
            Local = new LocalSpec { Grid = [2, 2] },
            Layers = [8, 8],
        };
        var convolutional = new ExperimentSpec { Backpropagation = new() { Network = NetworkKind.Convolutional } };

        Assert.Equal(
            "local.grid: such layers see squares of grey pictures, and these have 3 numbers for each pixel; expected an empty list, or "
                + "the recipe convolution.",
            Assert.Throws<InvalidInputException>(() => Coloured.Fill(local)).Message
        );
        Assert.StartsWith(
            "backpropagation.network: such layers see squares of grey pictures, and these have 3 numbers for each pixel; expected none or "
                + "perceptron",
            Assert.Throws<InvalidInputException>(() => Coloured.Fill(convolutional)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Names_that_a_spec_cannot_hold_are_left_out()
    {
        var names = Enumerable.Range(0, 100).Select(number => new string('a', 41) + number).ToList();

        Assert.Equal("", ClassNames.Join(names));
        Assert.Equal("", ClassNames.Join(null));
        Assert.Null(ClassNames.Split(""));
        Assert.Equal(["cat", "dog"], ClassNames.Split(ClassNames.Join(["cat", "dog"]))!);
    }

    [Fact]
    public void A_spec_before_and_after_it_was_filled_in_is_of_one_experiment()
    {
        var spec = new ExperimentSpec();

        Assert.True(SpecReader.AreEqual(SpecReader.Write(spec), SpecReader.Write(Coloured.Fill(spec))));
    }

    [Fact]
    public void Training_and_test_images_must_have_as_many_channels_and_names_no_slash()
    {
        var grey = new LabelledImages(2, 2, 2, new byte[8], [0, 1]);
        var coloured = new LabelledImages(2, 2, 2, new byte[24], [0, 1]) { Channels = 3 };

        Assert.Equal(
            "mine has training images of 3 and test images of 1 numbers for each pixel, expected as many: one where they are grey, three "
                + "where they have colours.",
            Assert.Throws<InvalidInputException>(() => DataSet.Of("mine", coloured, grey)).Message
        );
        Assert.Equal(
            "mine has a class called 'a/b', expected names of classes without a slash.",
            Assert.Throws<InvalidInputException>(() => DataSet.Of("mine", grey, grey, ["a/b", "c"])).Message
        );
    }

    [Fact]
    public async Task A_network_of_the_library_learns_from_coloured_images_and_knows_their_channels()
    {
        var path = _folder.Save("images", TinyIdx.File(0x804, [20, 4, 5, 3], [.. Enumerable.Range(0, 1200).Select(i => (byte)(i * 7))]));
        var labels = _folder.Save("labels", TinyIdx.File(0x801, [20], [.. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))]));
        var rows = LabelledRows.ReadIdx(path, labels);
        using var network = FFNetwork.Create(
            rows.Width,
            rows.Classes,
            [8, 8],
            options =>
            {
                options.BatchSize = 10;
                options.Precision = "fp32";
            }
        );

        Assert.Equal(60, rows.Width);
        await foreach (var epoch in network.FitAsync(rows, epochs: 1))
        {
            Assert.Equal(1, epoch.Number);
        }

        network.Save(_folder["network.safetensors"]);
        var spec = SpecReader.Parse(Learning.Networks.NetworkFile.Read(_folder["network.safetensors"]).Metadata["spec"], "file");
        Assert.Equal((3, 4), (spec.Images.Channels, spec.Images.Height));
        using var again = FFNetwork.Load(_folder["network.safetensors"]);
        Assert.Equal(network.Classify(rows), again.Classify(rows));
    }

    private static void AssertRefused(string sentence, ImagesSpec images) =>
        Assert.Equal(sentence, Assert.Throws<InvalidInputException>(() => Coloured.Fill(new ExperimentSpec { Images = images })).Message);
}
