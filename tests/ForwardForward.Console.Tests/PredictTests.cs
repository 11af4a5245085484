using ForwardForward.Chaos;
using ForwardForward.Console.Predictions;
using ForwardForward.Experiments.Data;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Specs;
using SkiaSharp;

namespace ForwardForward.Console.Tests;

/// <summary>Asking a trained network, and handing its weights on.</summary>
public sealed class PredictTests : Workplace
{
    [Theory]
    [InlineData("--silos=1")]
    [InlineData("--reference")]
    public async Task A_finished_run_answers_for_the_test_images_by_both_tests_together(string runner)
    {
        var trained = await Train("--json", "--name", "done", runner);

        var answered = await Run("predict", "done", At("tiny", "t10k-images-idx3-ubyte"), "--json");

        Assert.True(answered.ExitCode == 0, answered.Error);
        var predictions = answered.Json.GetProperty("predictions").EnumerateArray().ToList();
        Assert.Equal(50, predictions.Count);
        var wrong = predictions.Where((prediction, i) => prediction.GetProperty("class").GetInt32() != i % 4).Count();
        using var network = RunCheckpoint.Open(At("runs", "done", "checkpoints")).Network();
        Assert.Equal(JointTest.Error(network, new DataSets(At("cache")).Open(At("tiny")).Test), wrong / 50.0);
        Assert.Equal(
            ("joint", "joint"),
            (answered.Json.GetProperty("test").GetString(), trained.Json.GetProperty("predictsBy").GetString())
        );
        Assert.All(
            predictions,
            prediction => Assert.Equal(1, prediction.GetProperty("probabilities").EnumerateArray().Sum(p => p.GetDouble()), 1e-5)
        );
        Assert.Equal(trained.Json.GetProperty("lastCheckpointSlot").GetInt64(), answered.Json.GetProperty("slot").GetInt64());
        var byFolder = await Run("predict", At("runs", "done", "checkpoints"), At("tiny", "t10k-images-idx3-ubyte"), "--json");
        Assert.Equal(answered.Output, byFolder.Output);
    }

    [Fact]
    public async Task Weights_are_exported_under_the_names_that_are_documented()
    {
        await Train("--name", "done");

        var exported = await Run("export", "done", "-o", "model.safetensors", "--json");
        var again = await Run("export", "done", "-o", "model.safetensors");

        Assert.True(exported.ExitCode == 0, exported.Error);
        Assert.Equal((2, "model.safetensors is there already, expected a new file."), (again.ExitCode, again.Error.Trim()));
        using var file = File.OpenRead(At("model.safetensors"));
        var model = Safetensors.Read(file, file.Length, "model.safetensors");
        Assert.Equal(
            [
                ("layers.0.weight", 16, 64),
                ("layers.0.bias", 1, 16),
                ("layers.1.weight", 16, 16),
                ("layers.1.bias", 1, 16),
                ("readout.weight", 4, 16),
            ],
            model.Tensors.Select(tensor => (tensor.Name, tensor.Rows, tensor.Columns))
        );
        Assert.Equal(("pt", "done"), (model.Metadata["format"], model.Metadata["run"]));
        Assert.Contains(model.Tensors[^1].ToFloats(), weight => weight != 0);
    }

    [Fact]
    public async Task A_run_without_a_checkpoint_and_files_that_show_nothing_are_refused_with_one_sentence()
    {
        await Train("--name", "bare", "--set", "checkpoint.everySlots=0");
        await Train("--name", "done");
        await File.WriteAllTextAsync(At("text.png"), "no picture");
        await File.WriteAllTextAsync(At("empty.png"), "");
        await File.WriteAllBytesAsync(At("cut.png"), Png(40, 40, (x, y) => (byte)(x * y))[..100]);
        await File.WriteAllBytesAsync(At("white.png"), Png(9, 9, (_, _) => 255));
        await File.WriteAllBytesAsync(At("large.png"), Png(9000, 6000, (_, _) => 0));

        async Task<string> Refused(string run, string image)
        {
            var refused = await Run("predict", run, image);
            Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
            return refused.Error.Trim();
        }

        Assert.Equal(
            $"{At("runs", "bare", "checkpoints")} has no checkpoint: a run takes them every checkpoint.everySlots slots (0: "
                + "never) and at its end.",
            await Refused("bare", "white.png")
        );
        Assert.Equal("There is no run 'dine' in runs; did you mean 'done'?", await Refused("dine", "white.png"));
        Assert.Equal("text.png is no picture, expected a PNG, a JPEG or an IDX file of images.", await Refused("done", "text.png"));
        Assert.Equal("empty.png is empty, expected a PNG, a JPEG or an IDX file of images.", await Refused("done", "empty.png"));
        Assert.Equal("cut.png is damaged or truncated, expected a whole PNG or JPEG.", await Refused("done", "cut.png"));
        Assert.Equal(
            "white.png shows nothing, expected a figure that is brighter or darker than its background.",
            await Refused("done", "white.png")
        );
        Assert.Matches(
            @"^large\.png has 9000 x 6000 pixels in \d+ bytes, expected at most 50000000\.$",
            await Refused("done", "large.png")
        );
        Assert.Equal("gone.png does not exist, expected an image.", await Refused("done", "gone.png"));
    }

    [Fact]
    public async Task What_can_be_answered_is_answered_whatever_files_are_called_and_the_others_are_named()
    {
        await Train("--name", "done");
        Directory.CreateDirectory(At("many"));
        File.Copy(At("tiny", "t10k-images-idx3-ubyte"), At("test.bin"));
        File.WriteAllBytes(At("7idx3.png"), Png(40, 40, (x, _) => (byte)(x is > 15 and < 22 ? 0 : 255)));
        File.Copy(At("7idx3.png"), At("-x.png"));
        File.Copy(At("7idx3.png"), At("many", "b.png"));
        File.WriteAllBytes(At("many", "a.picture"), Png(8, 8, (x, y) => (byte)(x * y)));
        File.WriteAllText(At("many", "notes.txt"), "no picture");
        File.WriteAllBytes(At("blank.png"), Png(30, 30, (_, _) => 128));

        var answered = await Run(
            "predict",
            "done",
            "--json",
            "--show",
            "shown.png",
            "test.bin",
            "blank.png",
            "7idx3.png",
            "many",
            "gone.png",
            "--",
            "-x.png"
        );
        var own = await Run("predict", "done", Path.Combine("many", "a.picture"), "--show", "own.png");

        Assert.Equal(2, answered.ExitCode);
        Assert.Equal(
            [
                "blank.png shows nothing, expected a figure that is brighter or darker than its background.",
                "gone.png does not exist, expected an image.",
            ],
            answered.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
        var names = answered.Json.GetProperty("predictions").EnumerateArray().Select(one => one.GetProperty("image").GetString()).ToList();
        Assert.Equal(
            ["test.bin[49]", "7idx3.png", Path.Combine("many", "a.picture"), Path.Combine("many", "b.png"), "-x.png"],
            names.Skip(49)
        );
        Assert.Equal(
            ["blank.png", "gone.png"],
            answered.Json.GetProperty("refused").EnumerateArray().Select(one => one.GetProperty("image").GetString())
        );
        using var sheet = SKBitmap.Decode(At("shown.png"));
        Assert.Equal(((20 * 10) - 2, (3 * 10) - 2), (sheet.Width, sheet.Height)); // 54 pictures of 8 x 8, 20 in a row
        Assert.Equal(0, own.ExitCode);
        var frame = new PictureFrame(8, FigurePlacement.Filling);
        Assert.Equal(ImageFile.Read(At("many", "a.picture"), frame), ImageFile.Read(At("own.png"), frame));
        var folder = await Run("predict", "done", "tiny");
        var both = await Run("predict", "done", "tiny", "--as-is", "--center");
        Assert.Equal(
            (2, "", "tiny is a folder without pictures, expected PNG or JPEG files in it."),
            (folder.ExitCode, folder.Output, folder.Error.Trim())
        );
        Assert.Equal((2, "--as-is and --center are both given, expected one of the two."), (both.ExitCode, both.Error.Trim()));
    }

    [Fact]
    public async Task Data_that_are_stored_transposed_are_turned_for_training_and_for_predict()
    {
        foreach (var file in Directory.GetFiles(At("tiny"), "*-images-idx3-ubyte"))
        {
            var bytes = File.ReadAllBytes(file);
            File.WriteAllBytes(
                file,
                [.. bytes[..16], .. bytes[16..].Select((_, i) => bytes[16 + (i / 64 * 64) + (i % 8 * 8) + (i % 64 / 8)])]
            );
        }

        var turned = await Train("--json", "--name", "turned", "--transpose");
        var answered = await Run("predict", "turned", At("tiny", "t10k-images-idx3-ubyte"), "--json");
        TinyIdx.Write(At("tiny"));
        var upright = await Train("--json", "--name", "upright");

        Assert.Equal(upright.Json.GetProperty("stateHash").GetString(), turned.Json.GetProperty("stateHash").GetString());
        var expected = await Run("predict", "upright", At("tiny", "t10k-images-idx3-ubyte"), "--json");
        Assert.Equal(50, answered.Json.GetProperty("predictions").GetArrayLength());
        Assert.Equal(expected.Json.GetProperty("predictions").GetRawText(), answered.Json.GetProperty("predictions").GetRawText());
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(3, true, false)]
    [InlineData(17, false, false)]
    [InlineData(17, true, true)]
    public void A_picture_of_any_size_on_paper_or_on_a_blackboard_becomes_what_MNIST_would_have(int scale, bool onPaper, bool asJpeg)
    {
        // A tall bar of 20 pixels with a foot to the right: its centre of mass is beside that of its box.
        static bool IsInk(int x, int y) => (x is >= 0 and < 4 && y is >= 0 and < 20) || (x is >= 4 and < 12 && y is >= 16 and < 20);
        var picture = Png(
            40 * scale,
            50 * scale,
            (x, y) => (byte)(IsInk((x / scale) - 3, (y / scale) - 20) != onPaper ? 255 : 0),
            asJpeg ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png
        );
        File.WriteAllBytes(At("picture"), picture);

        var pixels = ImageFile.Read(At("picture"), new PictureFrame(28, FigurePlacement.Centred));

        var expected = Enumerable.Range(0, 784).Select(i => IsInk((i % 28) - 10, (i / 28) - 2) ? 255 : 0);
        Assert.All(
            pixels.Zip(expected),
            pixel => Assert.InRange(pixel.First, pixel.Second - (asJpeg ? 40 : 0), pixel.Second + (asJpeg ? 40 : 0))
        );
    }

    private static byte[] Png(int width, int height, Func<int, int, byte> pixel, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        var rows = bitmap.GetPixelSpan();
        for (var i = 0; i < width * height; i++)
        {
            rows[(i / width * bitmap.RowBytes) + (i % width)] = pixel(i % width, i / width);
        }

        using var encoded = bitmap.Encode(format, 95);
        return encoded.ToArray();
    }
}
