using System.Globalization;
using ForwardForward.Learning;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using Google.Protobuf;
using Onnx;

namespace ForwardForward.Console.Predictions.Onnx;

/// <summary>A network as one ONNX model, from pictures to answers: docs/weights.md says what goes in and what comes out.</summary>
internal static class OnnxModel
{
    private const int OperatorSet = 17; // of July 2022: every runtime of these days reads it, with the form of file that belongs to it
    private const long MaxBytes = int.MaxValue; // of a message of protobuf

    private const string Description =
        "Says what pictures show. A picture is a row of grey values from 0 (black) to 1 (white), its pixels from left to right and from "
        + "top to bottom as the data set of the network's run has them; everything else, from the label in the first pixels to the "
        + "normalization of rows, happens inside.";

    /// <param name="preset">Of the run; null where there was none.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InvalidInputException">It is larger than such a file can be, a plug-in's, or another network's.</exception>
    public static byte[] Write(RunCheckpoint checkpoint, string? preset)
    {
        var model = Of(checkpoint, preset);
        var bytes = model.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);
        return bytes <= MaxBytes - (1 << 20)
            ? model.ToByteArray()
            : throw new InvalidInputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The run '{checkpoint.Run}' cannot be one ONNX file: its weights are {bytes / 1e9:0.0} GB, "
                        + $"expected less than 2.1 GB; --format safetensors takes it."
                )
            );
    }

    private static ModelProto Of(RunCheckpoint checkpoint, string? preset)
    {
        var recipe = BuiltIn(checkpoint.Spec);
        var ends = Ends(recipe, checkpoint);
        var graph = new OnnxGraph(ExportedWeights.Of(checkpoint));
        var pictures = graph.Input("pictures", "Grey values from 0 to 1, row by row.", ends.Pixels);
        var rows = new RowNodes(graph, checkpoint.Spec, ends, pictures);
        if (recipe.Network.LearnsAsWhole)
        {
            AddBackpropagation(graph, checkpoint.Spec, ends, rows);
        }
        else
        {
            AddForwardForward(graph, checkpoint.Spec, ends, rows);
        }

        return new ModelProto
        {
            IrVersion = (long)global::Onnx.Version.IrVersion2021730,
            OpsetImport = { new OperatorSetIdProto { Version = OperatorSet } },
            ProducerName = "ForwardForward",
            ProducerVersion = typeof(OnnxModel).Assembly.GetName().Version!.ToString(3),
            DocString = Description,
            Graph = graph.Proto,
            MetadataProps = { Metadata(checkpoint, preset, ends) },
        };
    }

    private static NetworkEnds Ends(IRecipe recipe, RunCheckpoint checkpoint)
    {
        var (pixels, classes) = recipe.Network.Ends(checkpoint.Stages);
        return new NetworkEnds(pixels, classes);
    }

    // Of a plug-in nothing but its code is known.
    private static readonly string[] Written =
    [
        RecipeKind.Supervised,
        RecipeKind.Unsupervised,
        RecipeKind.TopDown,
        RecipeKind.Backpropagation,
    ];

    private static IRecipe BuiltIn(ExperimentSpec spec) =>
        Recipe.NameOf(spec) switch
        {
            var name when Written.Contains(name) => Recipe.Of(spec),
            var name => throw new InvalidInputException(
                $"recipe: '{name}' cannot be written as ONNX, expected {string.Join(", ", Written)}; --format " + "safetensors takes any."
            ),
        };

    private static void AddForwardForward(OnnxGraph graph, ExperimentSpec spec, NetworkEnds ends, RowNodes rows)
    {
        var (layers, answers) = (new LayerNodes(graph, spec, ends), new AnswerNodes(graph, spec, ends));
        var logits = answers.Logits(layers.Rise("neutral", rows.Neutral()));
        if (!rows.HasLabels)
        {
            Add(graph, answers.Fast("probabilities", logits), "Of every class.", ends);
            return;
        }

        var labelled = layers.Goodness("labelled", layers.Rise("labelled", rows.Labelled()));
        var goodness = graph.Node("Reshape", "goodness", [labelled, graph.Integers("goodness.shape", [-1L, ends.Classes])]);
        var joint = answers.Joint("probabilities", logits, goodness);
        Add(graph, joint, "Of every class, by the readout and goodness together: what predict says.", ends);
        Add(graph, answers.Fast("fast_probabilities", logits), "Of every class, by the readout alone: one pass, without a label.", ends);
        Add(graph, goodness, "Of the picture with each label.", ends);
    }

    private static void AddBackpropagation(OnnxGraph graph, ExperimentSpec spec, NetworkEnds ends, RowNodes rows)
    {
        var logits = new BackpropagationNodes(graph, spec, ends).Logits(rows.Neutral());
        Add(graph, new AnswerNodes(graph, spec, ends).Fast("probabilities", logits), "Of every class.", ends);
    }

    private static void Add(OnnxGraph graph, string output, string description, NetworkEnds ends) =>
        graph.Output(output, description, ends.Classes);

    private static IEnumerable<StringStringEntryProto> Metadata(RunCheckpoint checkpoint, string? preset, NetworkEnds ends) =>
        [
            .. ExportedWeights.Metadata(checkpoint).Where(entry => entry.Key != "format").Select(entry => Entry(entry.Key, entry.Value)),
            .. preset is null ? [] : new[] { Entry("preset", preset) },
            Entry("classes", ends.Classes.ToString(CultureInfo.InvariantCulture)),
            Entry("pixels", ends.Pixels.ToString(CultureInfo.InvariantCulture)),
            Entry("greyValues", "0 to 1"),
        ];

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
