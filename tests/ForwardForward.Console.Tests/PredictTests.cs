using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Data;
using SkiaSharp;

namespace ForwardForward.Console.Tests;

/// <summary>Asking a trained network, and handing its weights on.</summary>
public sealed class PredictTests : Workplace
{
    [Fact]
    public async Task A_finished_run_answers_for_the_test_images_as_it_was_last_tested()
    {
        var trained = await Train("--json", "--name", "done");

        var answered = await Console.Run("predict", "done", At("tiny", "t10k-images-idx3-ubyte"), "--json");

        Assert.True(answered.ExitCode == 0, answered.Error);
        var predictions = answered.Json.GetProperty("predictions").EnumerateArray().ToList();
        Assert.Equal(50, predictions.Count);
        var wrong = predictions.Where((prediction, i) => prediction.GetProperty("class").GetInt32() != i % 4).Count();
        Assert.Equal(trained.Json.GetProperty("testErrorFast").GetDouble(), wrong / 50.0);
        Assert.Equal(1, predictions[0].GetProperty("probabilities").EnumerateArray().Sum(p => p.GetDouble()), 1e-5);
        Assert.Equal(trained.Json.GetProperty("lastCheckpointSlot").GetInt64(), answered.Json.GetProperty("slot").GetInt64());
        var byFolder = await Console.Run("predict", At("runs", "done", "checkpoints"), At("tiny", "t10k-images-idx3-ubyte"), "--json");
        Assert.Equal(answered.Output, byFolder.Output);
    }

    [Fact]
    public async Task Weights_are_exported_under_the_names_that_are_documented()
    {
        await Train("--name", "done");

        var exported = await Console.Run("export", "done", "-o", "model.safetensors", "--json");
        var again = await Console.Run("export", "done", "-o", "model.safetensors");

        Assert.True(exported.ExitCode == 0, exported.Error);
        Assert.Equal((2, "model.safetensors is there already, expected a new file."), (again.ExitCode, again.Error.Trim()));
        using var file = File.OpenRead(At("model.safetensors"));
        var model = Safetensors.Read(file, file.Length, "model.safetensors");
        Assert.Equal(
            [("layers.0.weight", 16, 64), ("layers.0.bias", 1, 16), ("layers.1.weight", 16, 16), ("layers.1.bias", 1, 16), ("readout.weight", 4, 16)],
            model.Tensors.Select(tensor => (tensor.Name, tensor.Rows, tensor.Columns)));
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
        await File.WriteAllBytesAsync(At("large.png"), Png(7000, 6000, (_, _) => 0));

        async Task<string> Refused(string run, string image)
        {
            var refused = await Console.Run("predict", run, image);
            Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
            return refused.Error.Trim();
        }

        Assert.Equal($"{At("runs", "bare", "checkpoints")} has no checkpoint: a run takes them unless checkpoint.everySlots is 0 or it is a --reference, and a cluster's are in the checkpoint folders of its silos.", await Refused("bare", "white.png"));
        Assert.Equal("There is no run 'dine' in runs; did you mean 'done'?", await Refused("dine", "white.png"));
        Assert.Equal("text.png is no picture, expected a PNG, a JPEG or an IDX file of images.", await Refused("done", "text.png"));
        Assert.Equal("empty.png is empty, expected a PNG, a JPEG or an IDX file of images.", await Refused("done", "empty.png"));
        Assert.Equal("cut.png is damaged or truncated, expected a whole PNG or JPEG.", await Refused("done", "cut.png"));
        Assert.Equal("white.png shows nothing, expected a figure that is brighter or darker than its background.", await Refused("done", "white.png"));
        Assert.Matches(@"^large\.png has 7000 x 6000 pixels in \d+ bytes, expected at most 4000000\.$", await Refused("done", "large.png"));
        Assert.Equal("gone.png does not exist, expected an image.", await Refused("done", "gone.png"));
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
        var picture = Png(40 * scale, 50 * scale, (x, y) => (byte)(IsInk((x / scale) - 3, (y / scale) - 20) != onPaper ? 255 : 0), asJpeg ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png);
        File.WriteAllBytes(At("picture"), picture);

        var pixels = Picture.Read(At("picture"), 28);

        var expected = Enumerable.Range(0, 784).Select(i => IsInk((i % 28) - 10, (i / 28) - 2) ? 255 : 0);
        Assert.All(pixels.Zip(expected), pixel => Assert.InRange(pixel.First, pixel.Second - (asJpeg ? 40 : 0), pixel.Second + (asJpeg ? 40 : 0)));
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
