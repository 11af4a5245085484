using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Predictions;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Console.Verbs;

/// <summary>Asks a network what it sees: the one that trains on a cluster, or the newest checkpoint of a run.</summary>
internal static class PredictVerb
{
    private static readonly Argument<string> Run = new("RUN") { Description = "Name of a run in ./runs, or its folder; with --cluster, of a run there. It may still be training." };
    private static readonly Argument<string[]> Images = new("IMAGE") { Description = "PNG or JPEG of any size, or an IDX file of images.", Arity = ArgumentArity.OneOrMore };
    private static readonly ClusterOptions Cluster = new();
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb("predict", "Says what images show: class and probabilities, from a run that still trains on a cluster or from a run's newest checkpoint.", "./ff predict supervised-quick-1 seven.png") { Run, Images, Cluster.Address, Cluster.Id, Cluster.Tls, AsJson };
        command.SetAction(async (parsed, interrupted) =>
        {
            var (run, images) = (parsed.GetRequiredValue(Run), parsed.GetRequiredValue(Images));
            var predictions = parsed.GetValue(Cluster.Address) is null ? OfCheckpoint(run, images) : await OnCluster(parsed, run, images, interrupted);
            Print(parsed.InvocationConfiguration.Output, predictions, parsed.GetValue(AsJson));
            return ExitCode.Done;
        });
        return command;
    }

    private static RunPrediction OfCheckpoint(string run, string[] paths)
    {
        var checkpoint = RunCheckpoint.Open(run);
        using var network = checkpoint.Network();
        var images = ImageFiles.Read(paths, network.Pixels);
        var probabilities = network.Predict(ImageFiles.Together(images, network.Pixels));
        return new RunPrediction(checkpoint.Run, checkpoint.Manifest.Slot, Live: false, Prediction.Each([.. images.Select(image => image.Name)], probabilities));
    }

    private static async Task<RunPrediction> OnCluster(ParseResult parsed, string run, string[] paths, CancellationToken interrupted)
    {
        await using var connection = await Cluster.Connect(parsed, interrupted);
        var runs = new ClusterRuns(connection);
        var pixels = await runs.Pixels(run);
        var predictions = new List<Prediction>();
        RunAnswer? answer = null;
        foreach (var images in ImageFiles.Read(paths, pixels).Chunk(Question.MostImages))
        {
            answer = await runs.Predict(run, ImageFiles.Together(images, pixels).Pixels);
            predictions.AddRange(Prediction.Each([.. images.Select(image => image.Name)], answer.Probabilities));
        }

        return new RunPrediction(run, answer!.Slot, answer.IsLive, predictions);
    }

    private static void Print(TextWriter output, RunPrediction asked, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(asked, Json.OneLine));
            return;
        }

        var width = asked.Predictions.Max(prediction => prediction.Image.Length);
        foreach (var prediction in asked.Predictions)
        {
            var others = prediction.Likely.Skip(1).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Class} {one.Probability:P1}"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{prediction.Image.PadRight(width)}  {prediction.Class}  {prediction.Probabilities[prediction.Class]:P1}  (then {string.Join(", ", others)})"));
        }
    }
}
