using ForwardForward.Learning.Data;
using Xunit;

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
        AssertRefused($"{_folder.Root} lacks t10k-labels-idx1-ubyte (or t10k-labels-idx1-ubyte.gz), expected the four IDX files train-images-idx3-ubyte");
    }

    [Fact]
    public void Refuses_unequal_counts_of_images_and_labels()
    {
        TinyIdx.Write(_folder.Root, train: 5);
        _folder.Save("train-labels-idx1-ubyte", TinyIdx.File(0x801, [4], [0, 1, 2, 3]));
        AssertRefused($"train-labels-idx1-ubyte has 4 labels, expected 5 because {_folder["train-images-idx3-ubyte"]} has that many images.");
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
    [InlineData(64, 8, "tiny has 65 classes and images of 64 pixels, expected at least as many pixels as classes because the label takes the first 65 pixels.")]
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

    private void AssertRefused(string part) => Assert.Contains(
        part, Assert.Throws<InvalidInputException>(() => IdxFolder.Read("tiny", _folder.Root)).Message, StringComparison.Ordinal);
}
