using System.Diagnostics;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Benchmarks.Pictures;

/// <summary>How many pictures of one kind are answered rightly.</summary>
/// <param name="Nothing">In how many no figure was found.</param>
/// <param name="Milliseconds">From a file to what the network is shown, for one picture.</param>
public sealed record KindResult(string Kind, int Pictures, int Right, int Nothing, double Milliseconds);

/// <summary>Asks a network about the first test pictures of its data set as programs, phones and scanners would show them.</summary>
/// <param name="first">The first of the test pictures.</param>
/// <param name="count">How many are asked of each kind.</param>
/// <param name="seed">Of everything that is drawn at random.</param>
internal sealed class PictureBenchmark(TrainedNetwork network, ExperimentSpec spec, LabelledImages test, int first, int count, int seed)
{
    private readonly LabelledImages _figures = test.Part(first, count);
    private readonly PictureFrame _frame = PictureFrame.Of(spec, test.PixelsPerImage);

    /// <summary>The pictures as the data set has them.</summary>
    public KindResult AsIdx() => Asked("as IDX", [.. Enumerable.Range(0, count).Select(Figure)], TimeSpan.Zero);

    public KindResult Of(PictureKind kind)
    {
        var (images, spent) = (new byte[]?[count], TimeSpan.Zero);
        for (var i = 0; i < count; i++)
        {
            var random = new KeyedRandom(seed, RandomPurpose.Scene, PictureKind.All.ToList().IndexOf(kind), first + i);
            var file = kind.Make(Figure(i), _frame.Side, ref random);
            var started = Stopwatch.GetTimestamp();
            images[i] = Read(file);
            spent += Stopwatch.GetElapsedTime(started);
        }

        return Asked(kind.Name, images, spent);
    }

    private byte[] Figure(int i) => _figures.Pixels[(i * _figures.PixelsPerImage)..((i + 1) * _figures.PixelsPerImage)];

    /// <returns>What the network is shown; null where no figure was found.</returns>
    private byte[]? Read(byte[] file)
    {
        try
        {
            return ImageFile.Read(file, "", _frame);
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    private KindResult Asked(string kind, byte[]?[] images, TimeSpan spent)
    {
        var seen = Enumerable.Range(0, count).Where(i => images[i] is not null).ToList();
        var right = seen.Zip(Classes([.. seen.Select(i => images[i]!)])).Count(one => one.Second == _figures.Labels[one.First]);
        return new KindResult(kind, count, right, count - seen.Count, spent.TotalMilliseconds / count);
    }

    /// <summary>The likeliest class of each image.</summary>
    private IEnumerable<int> Classes(IReadOnlyList<byte[]> images)
    {
        if (images.Count == 0)
        {
            return [];
        }

        byte[] pixels = [.. images.SelectMany(image => image)];
        var together = new LabelledImages(images.Count, 1, test.PixelsPerImage, pixels, new byte[images.Count]);
        var probabilities = network.Answer(together).Probabilities;
        return probabilities.Chunk(probabilities.Length / images.Count).Select(one => Array.IndexOf(one, one.Max()));
    }
}
