using ForwardForward.Learning.Specs;
using SkiaSharp;

namespace ForwardForward.Console.Tests;

/// <summary>A folder of coloured pictures by class, from the first training to the report.</summary>
public sealed class ColouredPicturesTests : Workplace
{
    private const int Width = 8;
    private const int Height = 6;

    private static readonly string[] Quick =
    [
        "--data",
        "pictures",
        "--set",
        "layers=16,16",
        "--set",
        "batchSize=10",
        "--epochs",
        "2",
        "--precision",
        "fp32",
    ];

    public ColouredPicturesTests()
    {
        foreach (var (part, count) in new[] { ("train", 20), ("test", 4) })
        {
            for (var i = 0; i < count; i++)
            {
                Draw(["pictures", part, "leaf", $"{i:00}.png"], new SKColor(20, (byte)(150 + i), (byte)(3 * i)));
                Draw(["pictures", part, "rose & thorn", $"{i:00}.png"], new SKColor((byte)(150 + i), (byte)(2 * i), 30));
            }
        }
    }

    [Fact]
    public async Task A_run_knows_the_pictures_and_the_classes_names_wherever_it_is_asked()
    {
        var reference = await Run(["train", .. Quick, "--name", "one", "--reference", "--json"]);
        var onSilos = await Run(["train", .. Quick, "--name", "two", "--silos", "2", "--json"]);

        Assert.True(reference.ExitCode == 0, reference.Error);
        Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), onSilos.Json.GetProperty("stateHash").GetString());
        foreach (var run in new[] { "one", "two" })
        {
            var images = SpecReader.ReadFile(At("runs", run, "spec.json")).Images;
            Assert.Equal(
                (3, Height, "leaf/rose & thorn", FigurePlacement.AsIs),
                (images.Channels, images.Height, images.ClassNames, images.Figures)
            );
        }

        var own = Path.Combine("pictures", "test", "leaf", "01.png");
        Draw(["large.png"], new SKColor(20, 151, 3), 10);
        var told = await Run("predict", "one", own, "large.png", "--show", "shown.png");
        var json = await Run("predict", "one", own, "--json");
        var report = await Run("report", "two");

        Assert.True(told.ExitCode == 0, told.Error);
        Assert.Matches(@"01\.png +[01] (leaf|rose & thorn)  [0-9.]+ %  \(then [01] (leaf|rose & thorn) [0-9.]+ %\)", told.Output);
        var lines = told.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(lines[0][lines[0].IndexOf("  ", StringComparison.Ordinal)..].Trim(), lines[1]["large.png".Length..].Trim());
        var answer = json.Json.GetProperty("predictions")[0];
        Assert.Equal(new[] { "leaf", "rose & thorn" }[answer.GetProperty("class").GetInt32()], answer.GetProperty("className").GetString());
        using var shown = SKBitmap.Decode(At("shown.png"));
        Assert.Equal(((2 * Width) + 2, Height), (shown.Width, shown.Height));
        Assert.Equal(new SKColor(20, 151, 3), shown.GetPixel(2, 2));
        Assert.Equal(new SKColor(20, 151, 3), shown.GetPixel(Width + 4, 3));
        Assert.True(report.ExitCode == 0, report.Error);
        var page = await File.ReadAllTextAsync(At("runs", "two", "report.html"));
        Assert.Contains("<th scope=\"row\">1 rose &amp; thorn</th>", page, StringComparison.Ordinal);
        Assert.Contains("class=\"colour\"", page, StringComparison.Ordinal);
        Assert.Contains("weights of each colour", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_are_exported_with_as_many_columns_as_pictures_have_numbers()
    {
        await Run(["train", .. Quick, "--name", "one", "--reference"]);

        var onnx = await Run("export", "one", "-o", "one.onnx");
        var goesOn = await Run(["train", .. Quick, "--name", "next", "--reference", "--json", "--import", "one.safetensors"]);
        var weights = await Run("export", "one", "-o", "one.safetensors");

        Assert.True(onnx.ExitCode == 0, onnx.Error);
        Assert.Equal(2, goesOn.ExitCode); // not there yet
        Assert.True(weights.ExitCode == 0, weights.Error);
        goesOn = await Run(["train", .. Quick, "--name", "next", "--reference", "--json", "--import", "one.safetensors"]);
        Assert.True(goesOn.ExitCode == 0, goesOn.Error);
    }

    [Theory]
    [InlineData("local.grid=2,2", "local.grid: such layers see squares of grey pictures, and these have 3 numbers for each pixel")]
    [InlineData("images.channels=2", "images.channels: 2, and the pictures have 3 for each pixel; expected 3.")]
    [InlineData("images.height=8", "images.height: 8, and the pictures have 6 rows; expected 6.")]
    [InlineData("images.classNames=a/b/c", "images.classNames: 3 names for 2 classes; expected one for each, or none.")]
    public async Task What_does_not_fit_the_pictures_is_refused_before_anything_starts(string field, string sentence)
    {
        foreach (var runner in new[] { "--reference", "--silos=1" })
        {
            var refused = await Run(["train", .. Quick, "--name", "none", runner, "--set", field]);

            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
            Assert.Single(refused.Error.Trim().Split('\n'));
            Assert.False(Directory.Exists(At("runs", "none")));
        }
    }

    [Fact]
    public async Task A_figure_is_not_placed_in_a_coloured_picture_and_grey_images_are_not_taken_for_one()
    {
        await Run(["train", .. Quick, "--name", "one", "--reference"]);
        var own = Path.Combine("pictures", "test", "leaf", "01.png");

        var centred = await Run("predict", "one", own, "--center");
        var grey = await Run("predict", "one", At("tiny", "t10k-images-idx3-ubyte"));

        Assert.Equal(
            "The network takes pictures of 6 x 8 x 3, which are shown as a whole, expected no wish to place a figure in them.",
            centred.Error.Trim()
        );
        Assert.EndsWith(
            "has images of 1 numbers for each pixel, expected 3 as the network was trained on.",
            grey.Error.Trim(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Another_data_set_over_the_spec_of_an_earlier_run_brings_its_own_pictures()
    {
        await Run(["train", .. Quick, "--name", "one", "--reference"]);

        var other = await Run("train", Path.Combine("runs", "one", "spec.json"), "--data", "tiny", "--name", "grey", "--reference");

        Assert.True(other.ExitCode == 0, other.Error);
        var images = SpecReader.ReadFile(At("runs", "grey", "spec.json")).Images;
        Assert.Equal((1, 0, ""), (images.Channels, images.Height, images.ClassNames));
    }

    // With a corner of another colour, so that no picture is one of every shift of it.
    private void Draw(string[] path, SKColor colour, int scale = 1)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        using var bitmap = new SKBitmap(new SKImageInfo(Width * scale, Height * scale, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(colour);
        for (var i = 0; i < scale * scale; i++)
        {
            bitmap.SetPixel((Width * scale / 2) + (i % scale), i / scale, SKColors.White);
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(At(path), png.ToArray());
    }
}
