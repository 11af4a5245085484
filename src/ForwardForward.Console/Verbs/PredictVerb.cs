using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Predictions;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Verbs;

/// <summary>Asks a network what it sees: the one that trains on a cluster, or the newest checkpoint of a run.</summary>
internal static class PredictVerb
{
    private static readonly Argument<string> Run = new Argument<string>("RUN")
    {
        Description = "Name of a run here or on a cluster, or its folder. It may still be training.",
    }.WithRuns();
    private static readonly Argument<string[]> Images = new("IMAGE")
    {
        Description = "PNG or JPEG of any size, a folder of them, or an IDX file of images.",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<bool> AsIs = new("--as-is")
    {
        Description = "Show the network the whole picture, scaled, and not its figure alone.",
    };
    private static readonly Option<bool> Center = new("--center")
    {
        Description = "Show the network the picture's figure alone, centred as MNIST's digits are.",
    };
    private static readonly Option<string?> Show = Options.Text(
        "--show",
        "FILE.png",
        "Where what the network was shown is written, several pictures side by side."
    );
    private static readonly ClusterOptions Cluster = new();
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb(
            "predict",
            "Says what images show: class and probabilities, from a run that still trains on a cluster or from a run's newest checkpoint.",
            "./ff predict supervised-quick-1 seven.png"
        )
        {
            Run,
            Images,
            AsIs,
            Center,
            Show,
            Cluster.Address,
            Cluster.Id,
            Cluster.Tls,
            AsJson,
        };
        command.SetAction(Predict);
        return command;
    }

    private static async Task<int> Predict(ParseResult parsed, CancellationToken interrupted)
    {
        var (run, paths, placement) = (parsed.GetRequiredValue(Run), parsed.GetRequiredValue(Images), Placement(parsed));
        var streams = parsed.InvocationConfiguration;
        void Take(IReadOnlyList<AskedImage> images) => Refuse(streams.Error, images);
        var (predictions, shown, spec) = await Ask(parsed, run, paths, placement, Take, interrupted);
        if (predictions is null)
        {
            return ExitCode.InvalidInput;
        }

        if (parsed.GetValue(Show) is { } file)
        {
            ShownPictures.Write(file, shown, spec);
        }

        Print(streams.Output, predictions, ClassNames.Split(spec.Images.ClassNames), parsed.GetValue(AsJson));
        return predictions.Refused.Count == 0 ? ExitCode.Done : ExitCode.InvalidInput;
    }

    private static FigurePlacement? Placement(ParseResult parsed) =>
        (parsed.GetValue(AsIs), parsed.GetValue(Center)) switch
        {
            (true, true) => throw new InvalidInputException("--as-is and --center are both given, expected one of the two."),
            (true, _) => FigurePlacement.AsIs,
            (_, true) => FigurePlacement.Centred,
            _ => null,
        };

    // What cannot be used takes no answer away from the others.
    private static void Refuse(TextWriter error, IReadOnlyList<AskedImage> images)
    {
        foreach (var image in images.Where(image => image.Refusal is not null))
        {
            error.WriteLine(image.Refusal!.ReplaceLineEndings(" "));
        }
    }

    private static IReadOnlyList<RefusedImage> Refused(IReadOnlyList<AskedImage> images) =>
        [.. images.Where(image => image.Refusal is not null).Select(image => new RefusedImage(image.Name, image.Refusal!))];

    private static async Task<AnsweredImages> Ask(
        ParseResult parsed,
        string run,
        string[] paths,
        FigurePlacement? placement,
        Action<IReadOnlyList<AskedImage>> take,
        CancellationToken interrupted
    )
    {
        if (RunCheckpoint.IsFolderOfMany(run))
        {
            return OfCheckpoint(run, paths, placement, take);
        }

        await using var found = await new RunSearch(Cluster, parsed, interrupted).Find(run);
        return found.Run.IsOfHere
            ? OfCheckpoint(found.Run.Output!, paths, placement, take)
            : await OnCluster(found.Leader, found.Name, paths, placement, take);
    }

    private static AnsweredImages OfCheckpoint(
        string run,
        string[] paths,
        FigurePlacement? placement,
        Action<IReadOnlyList<AskedImage>> take
    )
    {
        var checkpoint = RunCheckpoint.Open(run);
        using var network = checkpoint.Network();
        var files = new ImageFiles(checkpoint.Spec, network.Pixels, placement);
        var images = files.Read(paths);
        take(images);
        IReadOnlyList<AskedImage> shown = [.. images.Where(image => image.Pixels is not null)];
        if (shown.Count == 0)
        {
            return new AnsweredImages(null, shown, checkpoint.Spec);
        }

        var (probabilities, test) = network.Answer(files.Together(shown));
        var names = ClassNames.Split(checkpoint.Spec.Images.ClassNames);
        var predictions = Prediction.Each([.. shown.Select(image => image.Name)], probabilities, names);
        return new AnsweredImages(
            new RunPrediction(checkpoint.Run, checkpoint.Manifest.Slot, Live: false, test, predictions, Refused(images)),
            shown,
            checkpoint.Spec
        );
    }

    private static async Task<AnsweredImages> OnCluster(
        ClusterConnection cluster,
        string run,
        string[] paths,
        FigurePlacement? placement,
        Action<IReadOnlyList<AskedImage>> take
    )
    {
        var runs = new ClusterRuns(cluster);
        var (spec, pixels) = await runs.Takes(run);
        var files = new ImageFiles(spec, pixels, placement);
        var images = files.Read(paths);
        take(images);
        IReadOnlyList<AskedImage> shown = [.. images.Where(image => image.Pixels is not null)];
        var predictions = new List<Prediction>();
        PredictionResult? answer = null;
        foreach (var some in shown.Chunk(PredictionRequest.MaxOf(pixels)))
        {
            answer = await runs.Predict(run, files.Together(some).Pixels);
            predictions.AddRange(
                Prediction.Each([.. some.Select(image => image.Name)], answer.Probabilities, ClassNames.Split(spec.Images.ClassNames))
            );
        }

        return new AnsweredImages(
            answer is null ? null : new RunPrediction(run, answer.Slot, answer.IsLive, answer.Test, predictions, Refused(images)),
            shown,
            spec
        );
    }

    private static void Print(TextWriter output, RunPrediction asked, IReadOnlyList<string>? names, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(asked, Json.OneLine));
            return;
        }

        var width = asked.Predictions.Max(prediction => prediction.Image.Length);
        foreach (var prediction in asked.Predictions)
        {
            var others = prediction
                .Likely.Skip(1)
                .Select(one => string.Create(CultureInfo.InvariantCulture, $"{ClassNames.Of(names, one.Class)} {one.Probability:P1}"));
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{prediction.Image.PadRight(width)}  {ClassNames.Of(names, prediction.Class)}  "
                        + $"{prediction.Probabilities[prediction.Class]:P1}  "
                        + $"(then {string.Join(", ", others)})"
                )
            );
        }
    }
}
