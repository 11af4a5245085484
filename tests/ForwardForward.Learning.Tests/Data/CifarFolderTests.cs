using ForwardForward.Experiments.Data;
using ForwardForward.Experiments.Data.Folders;

namespace ForwardForward.Learning.Tests.Data;

public sealed class CifarFolderTests : IDisposable
{
    private const string Ten = "data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, test_batch.bin";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_the_batches_of_CIFAR_10_in_order_with_colours_last()
    {
        TinyCifar.WriteTen(_folder.Root, perBatch: 2);

        var data = Open();

        Assert.Equal((10, 2, 32, 32, 3), (data.Train.Count, data.Test.Count, data.Train.Height, data.Train.Width, data.Train.Channels));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], data.Train.Labels);
        Assert.Equal(10, data.Classes);
        Assert.Null(data.ClassNames);
        for (var image = 0; image < data.Train.Count; image++)
        {
            var pixel = data.Train.Pixels.AsSpan((image * data.Train.PixelsPerImage) + (3 * ((5 * 32) + 7)), 3).ToArray();
            Assert.Equal([TinyCifar.Value(image, 0, 5, 7), TinyCifar.Value(image, 1, 5, 7), TinyCifar.Value(image, 2, 5, 7)], pixel);
        }
    }

    [Fact]
    public void Classes_have_the_names_that_are_there()
    {
        TinyCifar.WriteTen(_folder.Root);
        File.WriteAllText(_folder["batches.meta.txt"], "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");

        Assert.Equal("frog", Open().ClassNames![6]);

        File.WriteAllText(_folder["batches.meta.txt"], "airplane\nautomobile\n");
        AssertRefused($"{_folder["batches.meta.txt"]} has 2 names, expected 10: one for each class.");
    }

    [Fact]
    public void Reads_the_fine_labels_of_CIFAR_100()
    {
        TinyCifar.WriteHundred(_folder.Root, train: 3, test: 2);
        File.WriteAllLines(_folder["fine_label_names.txt"], Enumerable.Range(0, 100).Select(number => $"name {number}"));

        var data = Open();

        Assert.Equal((100, 3, 2), (data.Classes, data.Train.Count, data.Test.Count));
        Assert.Equal([99, 98, 97], data.Train.Labels);
        Assert.Equal("name 97", data.ClassNames![97]);
    }

    [Theory]
    [InlineData("cifar-10-batches-bin")]
    [InlineData("cifar-100-binary")]
    public void Finds_the_folder_that_the_archive_unpacks_into(string name)
    {
        Directory.CreateDirectory(_folder[name]);
        if (name == CifarForm.Cifar10.Folder)
        {
            TinyCifar.WriteTen(_folder[name]);
        }
        else
        {
            TinyCifar.WriteHundred(_folder[name]);
        }

        Assert.Equal(Open().Sha256, new DataSets(_folder["cache"]).Open(_folder[name]).Sha256);
    }

    [Theory]
    [InlineData("data_batch_3.bin")]
    [InlineData("test_batch.bin")]
    public void Names_a_batch_that_is_missing(string file)
    {
        TinyCifar.WriteTen(_folder.Root);
        File.Delete(_folder[file]);

        AssertRefused($"{_folder.Root} lacks {file}, expected the files of CIFAR-10: {Ten}.");
    }

    [Theory]
    [InlineData(6145, 6145)]
    [InlineData(0, 0)]
    public void Names_a_file_that_is_cut_short(int kept, int told)
    {
        TinyCifar.WriteTen(_folder.Root, perBatch: 2);
        File.WriteAllBytes(_folder["data_batch_4.bin"], File.ReadAllBytes(_folder["data_batch_4.bin"])[..kept]);

        AssertRefused(
            $"{_folder["data_batch_4.bin"]} has {told} bytes, expected a multiple of 3073: a label and 3072 numbers for each picture "
                + "of CIFAR-10."
        );
    }

    [Fact]
    public void Names_a_file_of_CIFAR_100_that_is_cut_short()
    {
        TinyCifar.WriteHundred(_folder.Root);
        File.WriteAllBytes(_folder["test.bin"], new byte[3073]);

        AssertRefused(
            $"{_folder["test.bin"]} has 3073 bytes, expected a multiple of 3074: 2 labels and 3072 numbers for each picture of CIFAR-100."
        );
    }

    [Fact]
    public void Names_a_file_that_ends_with_a_record_but_before_its_published_end()
    {
        TinyCifar.WriteTen(_folder.Root, perBatch: 2);
        using (var whole = File.OpenWrite(_folder["data_batch_2.bin"]))
        {
            whole.SetLength(10_000 * 3073); // a hole, of pictures that are black
        }

        AssertRefused(
            $"{_folder["data_batch_1.bin"]} has 2 pictures, and data_batch_2.bin beside it 10000, as published: the file is cut short; "
                + "expected 10000, of which trainImages and testImages take fewer."
        );
    }

    [Fact]
    public void Names_a_file_of_CIFAR_100_that_ends_with_a_record_but_before_its_published_end()
    {
        TinyCifar.WriteHundred(_folder.Root, train: 3);
        using (var whole = File.OpenWrite(_folder["test.bin"]))
        {
            whole.SetLength(10_000 * 3074);
        }

        AssertRefused(
            $"{_folder["train.bin"]} has 3 pictures, and test.bin beside it 10000, as published: the file is cut short; expected 50000, "
                + "of which trainImages and testImages take fewer."
        );
    }

    [Fact]
    public void Own_files_may_have_any_number_of_pictures_each()
    {
        TinyCifar.WriteTen(_folder.Root, perBatch: 3);
        File.WriteAllBytes(_folder["data_batch_5.bin"], File.ReadAllBytes(_folder["data_batch_5.bin"])[..3073]);

        Assert.Equal((13, 3), (Open().Train.Count, Open().Test.Count));
    }

    [Fact]
    public void Names_a_label_that_is_out_of_range()
    {
        TinyCifar.WriteTen(_folder.Root, perBatch: 2);
        Change("data_batch_2.bin", 3073, 10);

        AssertRefused($"{_folder["data_batch_2.bin"]} has the label 10 at picture 1, expected 0 to 9.");
    }

    [Theory]
    [InlineData(0, 20, 19)]
    [InlineData(1, 100, 99)]
    public void Names_a_coarse_or_a_fine_label_that_is_out_of_range(int at, byte label, int most)
    {
        TinyCifar.WriteHundred(_folder.Root);
        Change("train.bin", at, label);

        AssertRefused($"{_folder["train.bin"]} has the label {label} at picture 0, expected 0 to {most}.");
    }

    private Learning.Data.DataSet Open() => new DataSets(_folder["cache"]).Open(_folder.Root);

    private void AssertRefused(string sentence) => Assert.Equal(sentence, Assert.Throws<InvalidInputException>(Open).Message);

    private void Change(string file, int at, byte value)
    {
        var bytes = File.ReadAllBytes(_folder[file]);
        bytes[at] = value;
        File.WriteAllBytes(_folder[file], bytes);
    }
}
