using ForwardForward.Chaos;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Data;

namespace ForwardForward.Learning.Tests.Data;

public sealed class IdxFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_both_parts_and_counts_the_classes(bool gzip)
    {
        var data = IdxFolder.Read("tiny", TinyIdx.Write(_folder.Root, train: 20, test: 10, side: 5, classes: 3, gzip));

        Assert.Equal(("tiny", 3), (data.Name, data.Classes));
        Assert.Equal((20, 5, 5, 25), (data.Train.Count, data.Train.Height, data.Train.Width, data.Train.PixelsPerImage));
        Assert.Equal((10, 250), (data.Test.Count, data.Test.Pixels.Length));
    }

    [Fact]
    public void The_test_images_may_have_the_highest_label()
    {
        TinyIdx.Write(_folder.Root, test: 2);
        _folder.Save("t10k-labels-idx1-ubyte", TinyIdx.File(0x801, [2], [0, 9]));

        Assert.Equal(10, IdxFolder.Read("tiny", _folder.Root).Classes);
    }

    [Fact]
    public void Refuses_a_folder_that_lacks_a_file()
    {
        File.Delete(Path.Combine(TinyIdx.Write(_folder.Root), "t10k-labels-idx1-ubyte"));
        AssertRefused(
            $"{_folder.Root} lacks t10k-labels-idx1-ubyte (or t10k-labels-idx1-ubyte.gz), expected the four IDX files "
                + "train-images-idx3-ubyte"
        );
    }

    [Theory]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    [InlineData(
        "emnist-letters-train-images-idx3-ubyte.gz",
        "emnist-letters-train-labels-idx1-ubyte.gz",
        "emnist-letters-test-images-idx3-ubyte.gz",
        "emnist-letters-test-labels-idx1-ubyte.gz"
    )]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz", "test-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    [InlineData("Train-Images-IDX3-UBYTE", "TRAIN-LABELS.IDX1-UBYTE.GZ", "T10K-images-idx3-ubyte", "Test-labels-idx1-ubyte")]
    [InlineData(
        "train-images-idx3-ubyte/train-images-idx3-ubyte",
        "train-labels-idx1-ubyte/train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte/t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte/t10k-labels-idx1-ubyte"
    )]
    [InlineData(
        "train-images-idx3-ubyte/train-images.idx3-ubyte",
        "train-labels-idx1-ubyte",
        "raw/t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte"
    )]
    [InlineData(
        "MNIST/train-images-idx3-ubyte",
        "MNIST/train-labels-idx1-ubyte",
        "MNIST/t10k-images-idx3-ubyte",
        "MNIST/t10k-labels-idx1-ubyte"
    )]
    public void Reads_files_by_the_names_that_archives_give_them(params string[] names)
    {
        Spread(names);

        Assert.Equal(Plain().Sha256, IdxFolder.Read("found", _folder["found"]).Sha256);
    }

    [Fact]
    public void The_customary_names_hold_whatever_else_is_there()
    {
        TinyIdx.Write(_folder["found"]);
        TinyIdx.Write(_folder["found/other"], side: 5);
        File.WriteAllText(_folder["found/test-images-idx3-ubyte"], "no images");
        File.WriteAllText(_folder["found/train-images-idx3-ubyte.gz"], "no images");

        Assert.Equal(Plain().Sha256, IdxFolder.Read("found", _folder["found"]).Sha256);
    }

    [Fact]
    public void Of_several_data_sets_in_a_folder_one_is_named_by_how_its_files_begin()
    {
        Spread(Named("emnist-letters"));
        Spread(Named("emnist-digits"));

        var refused = Assert.Throws<InvalidInputException>(() => IdxFolder.Read("found", _folder["found"]));

        Assert.Equal(
            $"{_folder["found"]} holds 2 data sets (emnist-digits, emnist-letters), expected one: name it, as in --data "
                + $"{_folder["found/emnist-digits"]}.",
            refused.Message
        );
        Assert.Equal(Plain().Sha256, new DataSets(_folder["cache"]).Open(_folder["found/emnist-letters"]).Sha256);
        Assert.True(new DataSets(_folder["cache"]).IsHere(_folder["found/emnist-letters"]));
        Assert.False(new DataSets(_folder["cache"]).IsHere(_folder["found/emnist"]));

        static string[] Named(string set) =>
            [
                $"{set}-train-images-idx3-ubyte",
                $"{set}-train-labels-idx1-ubyte",
                $"{set}-test-images-idx3-ubyte",
                $"{set}-test-labels-idx1-ubyte",
            ];
    }

    [Fact]
    public void Of_several_folders_with_a_data_set_each_one_is_to_be_named()
    {
        TinyIdx.Write(_folder["found/mnist"]);
        TinyIdx.Write(_folder["found/fashion"], gzip: true);

        var refused = Assert.Throws<InvalidInputException>(() => IdxFolder.Read("found", _folder["found"]));

        Assert.Equal(
            $"{_folder["found"]} holds 2 data sets (fashion, mnist), expected one: name it, as in --data {_folder["found/fashion"]}.",
            refused.Message
        );
    }

    [Fact]
    public void Two_files_for_one_part_are_refused()
    {
        Spread(["train-images.idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]);
        File.Copy(_folder["found/train-images.idx3-ubyte"], _folder["found/training-images-idx3-ubyte"]);

        var refused = Assert.Throws<InvalidInputException>(() => IdxFolder.Read("found", _folder["found"]));

        Assert.Equal(
            $"{_folder["found/train-images.idx3-ubyte"]} and {_folder["found/training-images-idx3-ubyte"]} are both the "
                + "training images, expected one of them.",
            refused.Message
        );
    }

    [Fact]
    public void Labels_that_begin_with_1_keep_their_numbers()
    {
        TinyIdx.Write(_folder.Root, train: 4, test: 2);
        _folder.Save("train-labels-idx1-ubyte", TinyIdx.File(0x801, [4], [1, 2, 3, 1]));
        _folder.Save("t10k-labels-idx1-ubyte", TinyIdx.File(0x801, [2], [3, 2]));

        var data = IdxFolder.Read("letters", _folder.Root);

        Assert.Equal(4, data.Classes);
        Assert.Equal([3, 2], data.Test.Labels);
    }

    private DataSet Plain() => IdxFolder.Read("plain", TinyIdx.Write(_folder["plain"]));

    // The same data under other names, in the order of the customary ones.
    private void Spread(string[] names)
    {
        Plain();
        foreach (var (name, customary) in names.Zip(IdxFolder.Files))
        {
            var path = _folder[$"found/{name}"];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var bytes = File.ReadAllBytes(_folder[$"plain/{customary}"]);
            File.WriteAllBytes(path, name.EndsWith("gz", StringComparison.OrdinalIgnoreCase) ? TinyIdx.Gzip(bytes) : bytes);
        }
    }

    [Fact]
    public void Refuses_unequal_counts_of_images_and_labels()
    {
        TinyIdx.Write(_folder.Root, train: 5);
        _folder.Save("train-labels-idx1-ubyte", TinyIdx.File(0x801, [4], [0, 1, 2, 3]));
        AssertRefused(
            $"train-labels-idx1-ubyte has 4 labels, expected 5 because {_folder["train-images-idx3-ubyte"]} has that many images."
        );
    }

    [Fact]
    public void Refuses_test_images_of_another_size()
    {
        TinyIdx.Write(_folder.Root, test: 1);
        _folder.Save("t10k-images-idx3-ubyte", TinyIdx.File(0x803, [1, 8, 9], new byte[72]));
        AssertRefused("tiny has training images of 8 x 8 pixels and test images of 8 x 9, expected one size.");
    }

    [Theory]
    [InlineData(254, 17, null)]
    [InlineData(255, 17, "tiny has the label 255, expected labels from 0 to 254.")]
    [InlineData(63, 8, null)]
    [InlineData(
        64,
        8,
        "tiny has 65 classes and images of 64 pixels, expected at least as many pixels as classes because the label takes the "
            + "first 65 pixels."
    )]
    public void Refuses_more_classes_than_labels_or_pixels_can_show(byte highest, int side, string? refusal)
    {
        TinyIdx.Write(_folder.Root, test: 1, side: side);
        _folder.Save("t10k-labels-idx1-ubyte", TinyIdx.File(0x801, [1], [highest]));

        if (refusal is null)
        {
            Assert.Equal(highest + 1, IdxFolder.Read("tiny", _folder.Root).Classes);
        }
        else
        {
            AssertRefused(refusal);
        }
    }

    [Fact]
    public void First_takes_images_from_the_front_and_zero_means_all()
    {
        var train = IdxFolder.Read("tiny", TinyIdx.Write(_folder.Root, train: 6)).Train;
        var first = train.First(2);

        Assert.Equal((2, train.Height, train.Width), (first.Count, first.Height, first.Width));
        Assert.Equal(train.Pixels[..128], first.Pixels);
        Assert.Equal(train.Labels[..2], first.Labels);
        Assert.Same(train, train.First(0));
        Assert.Same(train, train.First(6));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(-1)]
    public void First_refuses_more_images_than_there_are(int count)
    {
        var train = IdxFolder.Read("tiny", TinyIdx.Write(_folder.Root, train: 6)).Train;
        var message = Assert.Throws<InvalidInputException>(() => train.First(count)).Message;
        Assert.Equal($"{count} images are asked for, expected 1 to 6, which is how many there are, or 0 for all.", message);
    }

    private void AssertRefused(string part) =>
        Assert.Contains(
            part,
            Assert.Throws<InvalidInputException>(() => IdxFolder.Read("tiny", _folder.Root)).Message,
            StringComparison.Ordinal
        );
}
