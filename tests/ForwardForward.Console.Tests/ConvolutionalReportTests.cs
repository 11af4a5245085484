using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using SkiaSharp;

namespace ForwardForward.Console.Tests;

/// <summary>What a report shows of convolutional layers.</summary>
public sealed class ConvolutionalReportTests : Workplace
{
    private const string Spec = """
        {
          "layers": [{ "channels": 6, "kernel": 5 }, { "channels": 12, "groups": 3, "pool": "maximum" }],
          "batchSize": 6, "epochs": 2, "images": { "scaling": "standard" },
          "optimizer": { "kind": "adam", "learningRate": 0.01 }
        }
        """;

    private static readonly string[] Names = ["leaf", "rose & thorn", "sky"];

    public ConvolutionalReportTests()
    {
        foreach (var (part, count) in new[] { ("train", 6), ("test", 4) })
        {
            for (var i = 0; i < count * Names.Length; i++)
            {
                Draw(["pictures", part, Names[i % 3], $"{i:00}.png"], i);
            }
        }
    }

    [Fact]
    public async Task It_shows_kernels_and_where_each_layer_sees_each_class_by_the_names_of_the_classes()
    {
        await File.WriteAllTextAsync(At("mine.json"), Spec);
        var trained = await Run("train", "mine.json", "--data", "pictures", "--name", "seen", "--reference");
        Assert.True(trained.ExitCode == 0, trained.Error);

        var reported = await Run("report", "seen");

        Assert.True(reported.ExitCode == 0, reported.Error);
        var page = Parsed(At("runs", "seen", "report.html"));
        var images = page.Descendants("img").ToLookup(image => (string)image.Attribute("alt")!);
        Assert.Equal(6, images["a kernel"].Count()); // two a class
        Assert.All(images["a kernel"], kernel => Assert.Equal(("colour", 5, 5), Looks(kernel)));
        Assert.Equal(["0 leaf", "1 rose & thorn", "2 sky"], Of(page, "table", "sets").Descendants("th").Select(set => set.Value));
        Assert.Empty(images["weights of a unit"]);

        var maps = images["where the goodness of a class is"].ToList();
        Assert.Contains(maps.Count, new[] { 6, 12 }); // of two layers and three classes; an image that is right, one that is not
        Assert.Equal(
            Enumerable.Repeat(new[] { ("ink", 8, 8), ("ink", 4, 4) }, maps.Count / 6).SelectMany(layer => layer),
            maps.Chunk(3).Select(layer => Looks(layer[0]))
        );
        var lines = Of(page, "p", "maps").Select(line => line.Value).ToList();
        Assert.StartsWith("Layer 1, 8 x 8 points, 2 channels a class: most goodness for ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Layer 2, 4 x 4 points, 4 channels a class: most goodness for ", lines[1], StringComparison.Ordinal);
        Assert.All(
            lines.Zip(maps.Chunk(3)),
            layer =>
            {
                var captions = layer.Second.Select(map => map.Parent!.Element("figcaption")!.Value).ToList();
                Assert.All(captions.Zip(Names), caption => Assert.Contains(caption.Second, caption.First, StringComparison.Ordinal));
                Assert.Single(captions, caption => caption.Contains('✓', StringComparison.Ordinal));
                var best = captions.MaxBy(caption => double.Parse(caption.Split(' ')[^1], CultureInfo.InvariantCulture))!;
                Assert.StartsWith(
                    layer.First[(layer.First.IndexOf(" for ", StringComparison.Ordinal) + 5)..],
                    best,
                    StringComparison.Ordinal
                );
            }
        );
        Assert.Contains("1 rose & thorn", Of(page, "table", "confusion").Single().Descendants("th").Select(head => head.Value));
    }

    [Fact]
    public async Task Kernels_whose_channels_have_learned_their_classes_stand_with_the_class_that_they_speak_for_most()
    {
        var spec = """
            {
              "layers": [{ "channels": 7, "goodness": "assigned", "normalization": "instance" }],
              "batchSize": 6, "epochs": 2, "optimizer": { "kind": "adam", "learningRate": 0.01 }
            }
            """;
        await File.WriteAllTextAsync(At("mine.json"), spec);
        var trained = await Run("train", "mine.json", "--data", "pictures", "--name", "seen", "--reference");
        Assert.True(trained.ExitCode == 0, trained.Error);

        var reported = await Run("report", "seen");

        Assert.True(reported.ExitCode == 0, reported.Error);
        var page = Parsed(At("runs", "seen", "report.html"));
        Assert.Equal(7, page.Descendants("img").Count(image => (string?)image.Attribute("alt") == "a kernel"));
        Assert.StartsWith(
            "Layer 1, 8 x 8 points, channels that speak for what they have learned to: most goodness for ",
            Of(page, "p", "maps").First().Value,
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<XElement> Of(XDocument page, string element, string style) =>
        page.Descendants(element).Where(found => (string?)found.Attribute("class") == style);

    private static (string Kind, int Width, int Height) Looks(XElement image)
    {
        using var picture = SKBitmap.Decode(Convert.FromBase64String(((string)image.Attribute("src")!).Split(',')[1]));
        return ((string)image.Attribute("class")!, picture.Width, picture.Height);
    }

    private static XDocument Parsed(string file)
    {
        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    // Of each class in its own colour, with a spot.
    private void Draw(string[] name, int i)
    {
        using var bitmap = new SKBitmap(8, 8);
        bitmap.Erase(new SKColor((byte)(i % 3 == 1 ? 200 : 20), (byte)(i % 3 == 0 ? 200 : 20), (byte)(i % 3 == 2 ? 200 : 20)));
        bitmap.SetPixel(i % 8, i / 3 % 8, SKColors.White);
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        using var image = SKImage.FromBitmap(bitmap);
        using var file = File.Create(At(name));
        image.Encode(SKEncodedImageFormat.Png, 100).SaveTo(file);
    }
}
