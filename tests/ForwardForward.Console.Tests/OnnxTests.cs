using ForwardForward.Console.Predictions;
using ForwardForward.Console.Predictions.Onnx;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ForwardForward.Console.Tests;

/// <summary>A network as an ONNX model, run by ONNX Runtime, against what predict says.</summary>
public sealed class OnnxTests : Workplace
{
    private static readonly ExperimentSpec Spec = new()
    {
        Layers = [32, 24],
        Epochs = 3,
        BatchSize = 10,
        Precision = Precision.Fp32,
        Optimizer = new OptimizerSpec { LearningRate = 0.1 },
        Negatives = new NegativesSpec { Lag = 3 },
        Checkpoint = new CheckpointSpec { EverySlots = 1000 },
    };

    private static readonly ExperimentSpec Places = Spec with
    {
        Layers = [36, 20],
        Local = new LocalSpec
        {
            Grid = [3, 2],
            Size = 4,
            Stride = 2,
        },
    };

    private static readonly NegativesSpec Hybrid = new() { Kind = NegativesKind.Hybrid };

    public static TheoryData<string, ExperimentSpec> Networks =>
        new()
        {
            { "hard negatives", Spec },
            { "three layers", Spec with { Layers = [20, 24, 16] } },
            {
                "the first layer alone is read",
                Spec with
                {
                    Readout = new ReadoutSpec { FirstLayer = 1, LastLayer = 1 },
                }
            },
            {
                "Adam",
                Spec with
                {
                    Optimizer = new OptimizerSpec { Kind = OptimizerKind.Adam, LearningRate = 0.001 },
                }
            },
            { "small activity is good", Spec with { Goodness = new GoodnessSpec { Kind = GoodnessKind.NegativeSumOfSquares } } },
            { "pairs", Spec with { Goodness = new GoodnessSpec { Kind = GoodnessKind.Symba } } },
            { "pixels trade places", Spec with { PermutePixels = true } },
            { "local fields", Places },
            { "shards", Spec with { Shards = [2, 1] } },
            { "replicas", Spec with { Replicas = [2, 1] } },
            { "hybrids", Spec with { Negatives = Hybrid } },
            { "hybrids, and pixels trade places", Spec with { Negatives = Hybrid, PermutePixels = true } },
            {
                "hybrids, one place is read",
                Places with
                {
                    Negatives = Hybrid,
                    Readout = new ReadoutSpec { Place = 2 },
                }
            },
            { "signals from above", Spec with { TopDown = new TopDownSpec { Iterations = 5 } } },
            { "signals from above, local fields", Places with { TopDown = new TopDownSpec { Iterations = 5 } } },
            { "perceptron", Baseline(NetworkKind.Perceptron) },
            { "convolutions", Baseline(NetworkKind.Convolutional) with { Layers = [3, 5, 12] } },
        };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_answer_and_all_probabilities_are_those_of_predict(string kind, ExperimentSpec spec)
    {
        var checkpoint = Trained(spec);
        using var network = checkpoint.Network();
        var images = WithABlackOne(Data.Test);
        var (expected, test) = network.Answer(images);

        var told = Run(checkpoint, images);

        Assert.True(expected.Distinct().Count() > images.Count, kind); // it has learned to tell pictures apart
        Assert.Equal(Classes(expected), Classes(told["probabilities"]));
        AssertNear(expected, told["probabilities"]);
        string[] outputs = test == PredictionTest.Joint ? ["fast_probabilities", "goodness", "probabilities"] : ["probabilities"];
        Assert.Equal(outputs, told.Keys.Order());
        if (test == PredictionTest.Joint)
        {
            AssertNear(network.Predict(images), told["fast_probabilities"]);
            Assert.All(network.Goodness(images).Zip(told["goodness"]), of => Assert.Equal(1, (of.Second + 1e-3) / (of.First + 1e-3), 1e-4));
        }
    }

    [Fact]
    public void One_picture_is_answered_as_among_others()
    {
        var checkpoint = Trained(Spec);

        var (alone, among) = (Run(checkpoint, Data.Test.First(1))["probabilities"], Run(checkpoint, Data.Test)["probabilities"]);

        AssertNear(among.Take(4), alone);
    }

    [Fact]
    public void A_network_whose_labels_all_have_the_same_goodness_answers_by_its_readout()
    {
        var trained = Trained(Spec);
        var checkpoint = trained with { Stages = [.. trained.Stages.Select((stage, i) => i < 2 ? [.. stage.Select(Blind)] : stage)] };
        using var network = checkpoint.Network();

        var told = Run(checkpoint, Data.Test);

        Assert.Single(told["goodness"].Distinct());
        Assert.True(told["probabilities"].Distinct().Count() > 1);
        Assert.Equal(told["fast_probabilities"], told["probabilities"], (one, other) => Math.Abs(one - other) < 1e-6);
        AssertNear(network.Answer(Data.Test).Probabilities, told["probabilities"]);
    }

    [Fact]
    public async Task A_run_is_exported_with_all_that_tells_where_it_comes_from_and_into_a_new_file_alone()
    {
        await Train("--name", "done", "--reference");

        var exported = await Run("export", "done", "-o", At("model.onnx"), "--json");
        var named = await Run("export", "done", "--format", "onnx");
        var again = await Run("export", "done", "--format", "ONNX");
        var weights = await Run("export", "done");
        var unknown = await Run("export", "done", "--format", "pickle");

        Assert.Equal((0, ""), (exported.ExitCode, exported.Error));
        Assert.Equal(["run", "slot", "file", "bytes"], exported.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(exported.Json.GetProperty("bytes").GetInt64(), new FileInfo(At("model.onnx")).Length);
        var said = $"done.onnx: the network after slot {exported.Json.GetProperty("slot")}, {new FileInfo(At("done.onnx")).Length} bytes";
        Assert.Equal((0, said), (named.ExitCode, named.Output.Trim()));
        Assert.Equal((2, "done.onnx is there already, expected a new file."), (again.ExitCode, again.Error.Trim()));
        Assert.StartsWith("done.safetensors: the weights after slot", weights.Output, StringComparison.Ordinal);
        Assert.Equal((2, "--format is 'pickle', expected one of safetensors, onnx."), (unknown.ExitCode, unknown.Error.Trim()));
        Assert.Equal(["done.onnx", "done.safetensors", "model.onnx"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
        using var model = new InferenceSession(At("model.onnx"));
        var about = model.ModelMetadata;
        Assert.Equal(
            ("ForwardForward", "done", "supervised-quick", "4", "64", exported.Json.GetProperty("slot").ToString()),
            (about.ProducerName, Entry("run"), Entry("preset"), Entry("classes"), Entry("pixels"), Entry("slot"))
        );
        Assert.Equal([16, 16], SpecReader.Parse(Entry("spec"), "model.onnx").Layers);
        Assert.Contains("grey values from 0 (black) to 1 (white)", about.Description, StringComparison.Ordinal);
        Assert.Equal([-1, 64], model.InputMetadata["pictures"].Dimensions);

        string Entry(string key) => about.CustomMetadataMap[key];
    }

    [Fact]
    public void A_network_that_is_larger_than_such_a_file_can_be_is_refused_with_one_sentence()
    {
        const int Units = 16_000;
        var weights = new StateTensor("weights", Units, Units, GC.AllocateUninitializedArray<byte>(sizeof(float) * Units * Units));
        StateTensor[] layer = [weights, StateTensor.Of("bias", 1, new float[Units])];
        StateTensor[] readout = [StateTensor.Of("weights", 4, new float[4 * 2 * Units])];
        var spec = Spec with { Layers = [Units, Units, Units] };
        var checkpoint = new RunCheckpoint("large", spec, Manifest(spec), [layer, layer, layer, readout]);

        var refused = Assert.Throws<InvalidInputException>(() => OnnxModel.Write(checkpoint, preset: null));

        Assert.Equal(
            "The run 'large' cannot be one ONNX file: its weights are 3.1 GB, expected less than 2.1 GB; --format safetensors takes it.",
            refused.Message
        );
    }

    [Fact]
    public void What_plug_ins_compute_is_refused_with_one_sentence()
    {
        var trained = Trained(Spec);
        string Refused(ExperimentSpec spec) =>
            Assert.Throws<InvalidInputException>(() => OnnxModel.Write(trained with { Spec = spec }, preset: null)).Message;

        const string Rest = "cannot be written as ONNX, expected one of the program's own; --format safetensors takes any.";
        Assert.Equal($"goodness.kind: 'energy' {Rest}", Refused(Spec with { Goodness = new GoodnessSpec { Kind = "energy" } }));
        Assert.Equal(
            "recipe: 'own' cannot be written as ONNX, expected supervised, unsupervised, topDown, backpropagation; --format safetensors "
                + "takes any.",
            Refused(Spec with { Recipe = "own" })
        );
    }

    private static ExperimentSpec Baseline(string kind) => Spec with { Backpropagation = new BackpropagationSpec { Network = kind } };

    private DataSet Data => new DataSets(At("cache")).Open(At("tiny"));

    private RunCheckpoint Trained(ExperimentSpec spec)
    {
        LibTorch.EnsureLoaded();
        using var trainer = new SequentialTrainer(spec, Data, new WorkerPool(1));
        IReadOnlyList<IReadOnlyList<StateTensor>> stages = [];
        trainer.SlotDone += slot => stages = trainer.Plan.IsCheckpoint(slot) ? trainer.SnapshotAfter(slot) : stages;
        trainer.Run();
        return new RunCheckpoint("small", spec, Manifest(spec), stages);
    }

    private static CheckpointManifest Manifest(ExperimentSpec spec) => new("small", 0, 7, "cpu", SpecReader.Write(spec), []);

    private static Dictionary<string, float[]> Run(RunCheckpoint checkpoint, LabelledImages images)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var model = new InferenceSession(OnnxModel.Write(checkpoint, preset: null), options);
        var pictures = new DenseTensor<float>(images.Pixels.Select(pixel => pixel / 255f).ToArray(), [images.Count, images.PixelsPerImage]);
        using var outputs = model.Run([NamedOnnxValue.CreateFromTensor("pictures", pictures)]);
        Assert.All(outputs, output => Assert.Equal([images.Count, 4], output.AsTensor<float>().Dimensions.ToArray()));
        return outputs.ToDictionary(output => output.Name, output => output.AsEnumerable<float>().ToArray());
    }

    private static LabelledImages WithABlackOne(LabelledImages images) =>
        new(images.Count + 1, images.Height, images.Width, [.. images.Pixels, .. new byte[images.PixelsPerImage]], [.. images.Labels, 0]);

    // Every picture with every label makes the same activity.
    private static StateTensor Blind(StateTensor tensor) =>
        tensor.Name switch
        {
            "weights" => tensor with { Data = new byte[tensor.Data.Length] },
            "bias" => StateTensor.Of("bias", 1, [.. Enumerable.Repeat(0.5f, tensor.Columns)]),
            _ => tensor,
        };

    private static IEnumerable<int> Classes(float[] probabilities) => probabilities.Chunk(4).Select(row => Array.IndexOf(row, row.Max()));

    private static void AssertNear(IEnumerable<float> expected, IEnumerable<float> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
}
