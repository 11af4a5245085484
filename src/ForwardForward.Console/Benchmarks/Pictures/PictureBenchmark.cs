using System.Diagnostics;
using ForwardForward.Console.Predictions;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Data.Pictures;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Benchmarks.Pictures;

/// <summary>How many pictures of one kind are answered rightly.</summary>
/// <param name="Nothing">In how many no figure was found.</param>
/// <param name="Milliseconds">From a file to what the network is shown, for one picture.</param>
internal sealed record KindResult(string Kind, int Pictures, int Right, int Nothing, double Milliseconds);

/// <summary>Asks a network about the first test pictures of its data set as programs, phones and scanners would show them.</summary>
/// <param name="first">The first of the test pictures.</param>
/// <param name="count">How many are asked of each kind.</param>
/// <param name="seed">Of everything that is drawn at random.</param>
internal sealed class PictureBenchmark(TrainedNetwork network, ExperimentSpec spec, LabelledImages test, int first, int count, int seed)
{
    private readonly LabelledImages _figures = test.Part(first, count);
    private readonly PictureFrame _frame = PictureFrame.Of(spec, test.PixelsPerImage);
    private readonly ImageFiles _files = new(spec, test.PixelsPerImage, null);

    /// <summary>The pictures as the data set has them.</summary>
    public KindResult AsIdx() => Asked("as IDX", [.. Enumerable.Range(0, count).Select(i => new AskedImage("", Figure(i)))], TimeSpan.Zero);

    public KindResult Of(PictureKind kind)
    {
        var (images, spent) = (new AskedImage[count], TimeSpan.Zero);
        for (var i = 0; i < count; i++)
        {
            var random = new KeyedRandom(seed, Draw.Scene, PictureKind.All.ToList().IndexOf(kind), first + i);
            var file = kind.Make(Figure(i), _frame.Side, ref random);
            var started = Stopwatch.GetTimestamp();
            images[i] = Read(file);
            spent += Stopwatch.GetElapsedTime(started);
        }

        return Asked(kind.Name, images, spent);
    }

    private byte[] Figure(int i) => _figures.Pixels[(i * _figures.PixelsPerImage)..((i + 1) * _figures.PixelsPerImage)];

    private AskedImage Read(byte[] file)
    {
        try
        {
            return new AskedImage("", Picture.Read(file, "", _frame));
        }
        catch (InvalidInputException e)
        {
            return new AskedImage("", null, e.Message);
        }
    }

    private KindResult Asked(string kind, AskedImage[] images, TimeSpan spent)
    {
        var seen = Enumerable.Range(0, count).Where(i => images[i].Pixels is not null).ToList();
        var answers = seen.Count == 0 ? [] : Prediction.Each([.. seen.Select(_ => "")], network.Answer(_files.Together([.. seen.Select(i => images[i])])).Probabilities);
        return new KindResult(kind, count, seen.Zip(answers).Count(one => one.Second.Class == _figures.Labels[one.First]), count - seen.Count, spent.TotalMilliseconds / count);
    }
}
