using ForwardForward.Chaos;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Data;
using SkiaSharp;

namespace ForwardForward.Learning.Tests.Data;

public sealed class PictureFolderTests : IDisposable
{
    private static readonly SKColor Grey = new(90, 90, 90);
    private readonly TemporaryFolder _folder = new();

    public PictureFolderTests()
    {
        foreach (var (part, count) in new[] { ("train", 3), ("test", 1) })
        {
            for (var i = 0; i < count; i++)
            {
                Draw($"{part}/cat/{i}.png", new SKColor(200, (byte)i, 10));
                Draw($"{part}/dog/{i}.png", new SKColor(10, 20, (byte)(100 + i)));
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_are_the_folders_in_ordinal_order_and_take_turns_with_their_files()
    {
        Draw("train/Zebra/10.jpeg", SKColors.White);
        Draw("train/Zebra/9.JPG", SKColors.White);
        Draw("test/Zebra/x.png", SKColors.White);

        var data = Open();

        Assert.Equal(["Zebra", "cat", "dog"], data.ClassNames!);
        Assert.Equal([1, 2, 0, 1, 2, 0, 1, 2], data.Train.Labels);
        Assert.Equal((3, 4, 5, 3), (data.Classes, data.Train.Height, data.Train.Width, data.Train.Channels));
        Assert.Equal([200, 1, 10], data.Train.Pixels[(3 * 60)..((3 * 60) + 3)]);
        Assert.Equal([1, 2, 0], data.Train.First(3).Labels);
        Assert.Equal([10, 20, 102], data.Train.Pixels[^3..]);
        Assert.Equal([10, 20, 100], data.Test.Pixels[^3..]);
    }

    [Fact]
    public void The_order_of_many_pictures_does_not_depend_on_the_threads()
    {
        for (var i = 0; i < 200; i++)
        {
            Draw($"train/cat/many-{i:000}.png", new SKColor((byte)i, 1, 2));
        }

        var data = Open();

        var cats = Enumerable.Range(0, data.Train.Count).Where(image => data.Train.Labels[image] == 0);
        Assert.Equal(
            [200, 200, 200, .. Enumerable.Range(0, 200).Select(i => (byte)i)],
            cats.Select(image => data.Train.Pixels[image * data.Train.PixelsPerImage])
        );
        Assert.Equal(data.Sha256, Open().Sha256);
    }

    [Fact]
    public void Pictures_that_are_not_new_are_decoded_once_and_again_when_one_has_changed()
    {
        var before = Open();
        Assert.Empty(Kept()); // one that is new may still change within a tick of the disk's clock
        var yesterday = File.GetLastWriteTimeUtc(_folder["train/cat/0.png"]).AddDays(-1);
        var files = Directory.GetFiles(_folder.Root, "*.png", SearchOption.AllDirectories);
        Array.ForEach(files, file => File.SetLastWriteTimeUtc(file, yesterday));
        Assert.Equal(before.Sha256, Open().Sha256);
        var kept = Assert.Single(Kept());

        // What is no picture any more, and nobody can see that: it is not looked at.
        var picture = File.ReadAllBytes(_folder["train/cat/0.png"]);
        File.WriteAllBytes(_folder["train/cat/0.png"], new byte[picture.Length]);
        File.SetLastWriteTimeUtc(_folder["train/cat/0.png"], yesterday);
        var again = Open();
        Assert.Equal((before.Sha256, before.Train.Channels), (again.Sha256, again.Train.Channels));
        Assert.Equal(before.Train.Labels, again.Train.Labels);

        File.SetLastWriteTimeUtc(_folder["train/cat/0.png"], yesterday.AddSeconds(1));
        Assert.Throws<InvalidInputException>(Open);

        // A kept file that is damaged is none.
        File.WriteAllBytes(_folder["train/cat/0.png"], picture);
        File.SetLastWriteTimeUtc(_folder["train/cat/0.png"], yesterday);
        var bytes = File.ReadAllBytes(kept);
        bytes[^40] ^= 1;
        File.WriteAllBytes(kept, bytes);
        Assert.Equal(before.Sha256, Open().Sha256);
        File.WriteAllBytes(kept, bytes[..20]);
        Assert.Equal(before.Sha256, Open().Sha256);

        Draw("train/cat/0.png", new SKColor(1, 2, 3));
        File.SetLastWriteTimeUtc(_folder["train/cat/0.png"], yesterday.AddSeconds(5));
        Assert.NotEqual(before.Sha256, Open().Sha256);
        Assert.Equal(kept, Assert.Single(Kept())); // in the place of the one before

        string[] Kept() => Directory.Exists(_folder["cache/decoded"]) ? Directory.GetFiles(_folder["cache/decoded"]) : [];
    }

    [Fact]
    public void Where_nothing_can_be_kept_pictures_are_decoded_as_ever()
    {
        var files = Directory.GetFiles(_folder.Root, "*.png", SearchOption.AllDirectories);
        Array.ForEach(files, file => File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddDays(-1)));
        _folder.Save("cache", [1]); // a file where a folder should be

        Assert.Equal(6, Open().Train.Count);
    }

    [Fact]
    public void Pictures_are_grey_where_all_of_them_are()
    {
        foreach (var file in Directory.GetFiles(_folder.Root, "*.png", SearchOption.AllDirectories))
        {
            Draw(Path.GetRelativePath(_folder.Root, file), Grey);
        }

        Assert.Equal((1, 20), (Open().Train.Channels, Open().Train.PixelsPerImage));
        Assert.All(Open().Test.Pixels, pixel => Assert.Equal(90, pixel));

        Draw("test/dog/0.png", new SKColor(90, 90, 91));
        Assert.Equal((3, 60), (Open().Train.Channels, Open().Train.PixelsPerImage));
    }

    [Fact]
    public void What_is_no_picture_by_its_name_is_left_out()
    {
        _folder.Save("train/cat/notes.txt", [1]);
        _folder.Save("train/cat/._0.png", [1]);
        Directory.CreateDirectory(_folder["train/.cache"]);
        _folder.Save("train/readme.md", [1]);

        Assert.Equal(6, Open().Train.Count);
    }

    [Fact]
    public void A_folder_of_IDX_files_in_folders_of_their_own_stays_one()
    {
        TinyIdx.Write(_folder["idx"]);
        Directory.CreateDirectory(_folder["spread/train"]);
        Directory.CreateDirectory(_folder["spread/test"]);
        foreach (var file in IdxFolder.Files)
        {
            File.Copy(
                _folder[$"idx/{file}"],
                _folder[$"spread/{(file.StartsWith("train", StringComparison.Ordinal) ? "train" : "test")}/{file}"]
            );
        }

        Assert.Equal(200, new DataSets(_folder["cache"]).Open(_folder["spread"]).Train.Count);
    }

    [Fact]
    public void Names_the_first_picture_of_another_size_with_both_sizes()
    {
        Draw("train/dog/1.png", SKColors.Red, width: 6, height: 4);
        Draw("train/dog/2.png", SKColors.Red, width: 7, height: 9);

        AssertRefused(
            $"{_folder["train/dog/1.png"]} has 4 rows of 6 pixels and {_folder["train/cat/0.png"]} 4 rows of 5 pixels, expected "
                + "pictures of one size to learn from."
        );
    }

    [Theory]
    [InlineData("train/dog")]
    [InlineData("test/cat")]
    public void Names_a_class_without_pictures(string folder)
    {
        Directory.Delete(_folder[folder], recursive: true);
        Directory.CreateDirectory(_folder[folder]);

        AssertRefused($"{_folder[folder]} has no pictures, expected files whose names end in .png, .jpg, .jpeg.");
    }

    [Theory]
    [InlineData("train", "test")]
    [InlineData("test", "train")]
    public void Names_a_class_that_one_part_alone_has(string has, string lacks)
    {
        Draw($"{has}/frog/0.png", SKColors.Green);

        AssertRefused($"{_folder.Root} has the class 'frog' in {has} and not in {lacks}, expected every class in both.");
    }

    [Fact]
    public void Refuses_a_single_class()
    {
        Directory.Delete(_folder["train/dog"], recursive: true);
        Directory.Delete(_folder["test/dog"], recursive: true);

        AssertRefused($"{_folder.Root} has the class 'cat' alone, expected at least two, since a network tells classes apart.");
    }

    [Theory]
    [InlineData("train")]
    [InlineData("test")]
    public void Names_a_part_that_is_missing_or_has_nothing(string part)
    {
        Directory.Delete(_folder[part], recursive: true);
        AssertRefused($"{_folder.Root} has no folder {part}, expected train/CLASS and test/CLASS with PNG or JPEG pictures in them.");

        Directory.CreateDirectory(_folder[part]);
        AssertRefused(
            $"{_folder[part]} has no folder of a class and so no pictures, expected train/CLASS and test/CLASS with PNG or JPEG "
                + "pictures in them."
        );
    }

    [Fact]
    public void Names_the_first_damaged_picture()
    {
        var whole = File.ReadAllBytes(_folder["train/dog/1.png"]);
        _folder.Save("train/dog/1.png", whole[..^26]);
        _folder.Save("train/dog/2.png", []);
        AssertRefused($"{_folder["train/dog/1.png"]} is damaged or truncated, expected a whole PNG or JPEG.");

        _folder.Save("train/dog/1.png", "GIF89a"u8.ToArray());
        AssertRefused($"{_folder["train/dog/1.png"]} is no picture, expected a PNG, a JPEG or an IDX file of images.");
    }

    [Fact]
    public void Refuses_a_JPEG_that_is_cut_short()
    {
        Draw("train/cat/0.jpg", SKColors.Red, width: 400, height: 400);
        var whole = File.ReadAllBytes(_folder["train/cat/0.jpg"]);
        _folder.Save("train/cat/0.jpg", whole[..^200]);

        AssertRefused($"{_folder["train/cat/0.jpg"]} is damaged or truncated, expected a whole PNG or JPEG.");
    }

    [Fact]
    public void Refuses_photographs_that_are_too_large_to_learn_from()
    {
        Draw("train/cat/0.png", SKColors.Red, width: 1025, height: 2);

        AssertRefused($"{_folder["train/cat/0.png"]} has 2 rows of 1025 pixels, expected at most 1024 of each to learn from.");
    }

    private DataSet Open() => new DataSets(_folder["cache"]).Open(_folder.Root);

    private void AssertRefused(string sentence) => Assert.Equal(sentence, Assert.Throws<InvalidInputException>(Open).Message);

    private void Draw(string name, SKColor colour, int width = 5, int height = 4)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(colour);
        using var image = SKImage.FromBitmap(bitmap);
        var format = name.EndsWith("png", StringComparison.Ordinal) ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg;
        _folder.Save(name, image.Encode(format, 100).ToArray());
    }
}
