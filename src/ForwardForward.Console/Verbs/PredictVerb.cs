using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Predictions;

namespace ForwardForward.Console.Verbs;

/// <summary>Asks a network what it sees, from the newest checkpoint of its run.</summary>
internal static class PredictVerb
{
    private static readonly Argument<string> Run = new("RUN") { Description = "Name of a run in ./runs, or its folder; it may still be training." };
    private static readonly Argument<string[]> Images = new("IMAGE") { Description = "PNG or JPEG of any size, or an IDX file of images.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb("predict", "Says what images show: class and probabilities, from a run's newest checkpoint.", "./ff predict supervised-quick-1 seven.png") { Run, Images, AsJson };
        command.SetAction(parsed =>
        {
            var checkpoint = RunCheckpoint.Open(parsed.GetRequiredValue(Run));
            using var network = checkpoint.Network();
            var images = ImageFiles.Read(parsed.GetRequiredValue(Images), network.Pixels);
            var probabilities = network.Predict(ImageFiles.Together(images, network.Pixels));
            var predictions = images.Select((image, i) => Prediction.Of(image.Name, probabilities.AsSpan(i * network.Classes, network.Classes))).ToList();
            Print(parsed.InvocationConfiguration.Output, checkpoint, predictions, parsed.GetValue(AsJson));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(TextWriter output, RunCheckpoint checkpoint, IReadOnlyList<Prediction> predictions, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new { checkpoint.Run, checkpoint.Manifest.Slot, predictions }, Json.OneLine));
            return;
        }

        var width = predictions.Max(prediction => prediction.Image.Length);
        foreach (var prediction in predictions)
        {
            var others = prediction.Likely.Skip(1).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Class} {one.Probability:P1}"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{prediction.Image.PadRight(width)}  {prediction.Class}  {prediction.Probabilities[prediction.Class]:P1}  (then {string.Join(", ", others)})"));
        }
    }
}

/// <summary>What a network says of one image.</summary>
/// <param name="Probabilities">Of every class.</param>
internal sealed record Prediction(string Image, int Class, float[] Probabilities)
{
    private const int Shown = 3;

    public static Prediction Of(string image, ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var c = 1; c < probabilities.Length; c++)
        {
            best = probabilities[c] > probabilities[best] ? c : best;
        }

        return new Prediction(image, best, probabilities.ToArray());
    }

    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<(int Class, float Probability)> Likely => Probabilities.Select((p, c) => (c, p)).OrderByDescending(one => one.p).ThenBy(one => one.c).Take(Shown);
}
