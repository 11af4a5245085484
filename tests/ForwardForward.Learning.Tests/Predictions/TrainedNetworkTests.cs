using ForwardForward.Learning.Data;
using ForwardForward.Learning.Plain;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Convolutions;

namespace ForwardForward.Learning.Tests.Predictions;

/// <summary>What a checkpoint's network says, against what the run measured.</summary>
public sealed class TrainedNetworkTests
{
    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void The_last_checkpoint_errs_as_the_run_was_last_tested(Precision precision)
    {
        var spec = TinyRun.Spec(precision) with
        {
            Epochs = 2,
            Checkpoint = new CheckpointSpec { EverySlots = 1000 },
        };
        var (stages, evaluation) = Trained(spec);
        using var network = new TrainedNetwork(spec, stages);

        var probabilities = network.Predict(TinyRun.Data.Test);

        Assert.Equal((64, 4), (network.Pixels, network.Classes));
        Assert.Equal(evaluation.ErrorFast, Error(probabilities, TinyRun.Data.Test.Labels));
        Assert.InRange(evaluation.ErrorFast!.Value, 0.0, 0.7); // it learned something, and is not yet right about all
        Assert.All(probabilities.Chunk(network.Classes), row => Assert.Equal(1, row.Sum(), 1e-5));
        Assert.Equal(evaluation.ErrorGoodness, Error(network.Goodness(TinyRun.Data.Test), TinyRun.Data.Test.Labels));
        var (joint, test) = network.Answer(TinyRun.Data.Test);
        Assert.Equal((PredictionTest.Joint, JointTest.Error(network, TinyRun.Data.Test)), (test, Error(joint, TinyRun.Data.Test.Labels)));
        Assert.All(joint.Chunk(network.Classes), row => Assert.Equal(1, row.Sum(), 1e-5));
    }

    [Fact]
    public void A_network_of_replicas_has_the_goodness_that_its_run_was_tested_by()
    {
        var spec = TinyRun.Spec() with
        {
            Replicas = [2, 1],
            Epochs = 2,
            Checkpoint = new CheckpointSpec { EverySlots = 1000 },
        };
        var (stages, evaluation) = Trained(spec);
        using var network = new TrainedNetwork(spec, stages);

        Assert.Equal(evaluation.ErrorGoodness, Error(network.Goodness(TinyRun.Data.Test), TinyRun.Data.Test.Labels));
    }

    [Fact]
    public void Each_layer_finds_what_plain_loops_find()
    {
        var spec = TinyRun.Spec() with
        {
            Epochs = 2,
            Checkpoint = new CheckpointSpec { EverySlots = 1000 },
        };
        var (stages, _) = Trained(spec);
        using var network = new TrainedNetwork(spec, stages);
        var plain = new PlainNetwork(spec, 64, 4, [.. stages.SkipLast(1).Select(stage => Doubles(stage, "weights"))]);
        foreach (var (layer, stage) in plain.Layers.Zip(stages))
        {
            Doubles(stage, "bias").CopyTo(layer.Bias, 0);
        }

        var test = TinyRun.Data.Test;
        var layers = network.Layers(test)!;

        Assert.Equal((test.Count * 2 * 4, test.Count * 2), (layers.Labels.Length, layers.Neutral.Length));
        for (var image = 0; image < test.Count; image++)
        {
            for (var label = 0; label <= 4; label++) // the last is the neutral one
            {
                var x = PlainLayer.Normalized([
                    .. Enumerable
                        .Range(0, 64)
                        .Select(i =>
                            i >= 4 ? test.Pixels[(image * 64) + i] / 255.0
                            : label == 4 ? 0.25
                            : i == label ? 1
                            : 0
                        ),
                ]);
                for (var l = 0; l < 2; l++)
                {
                    x = plain.Layers[l].Forward(x);
                    var at = (image * 2) + l;
                    var expected = plain.Layers[l].Goodness[0];
                    Assert.Equal(expected, label == 4 ? layers.Neutral[at] : layers.Labels[(at * 4) + label], 1e-4 * expected + 1e-6);
                }
            }
        }
    }

    public static TheoryData<string, ExperimentSpec> NetworksWhoseLayersTell =>
        new()
        {
            { "whole layers", TinyRun.Spec(Precision.Bf16) },
            { "shards and replicas", TinyRun.Spec() with { Shards = [2, 1], Replicas = [1, 2] } },
            { "local", OtherNetwork("local") },
            { "channels", TinyConvolutions.ByName["competing"] },
            { "shortcuts", TinyConvolutions.ByName["shortcuts"] },
        };

    [Theory]
    [MemberData(nameof(NetworksWhoseLayersTell))]
    public void A_layer_that_is_asked_alone_errs_on_as_many_test_images_as_in_the_test_of_the_run(string kind, ExperimentSpec spec)
    {
        spec = spec with
        {
            Epochs = 2,
            Checkpoint = new CheckpointSpec { EverySlots = 1000 },
        };
        var (stages, evaluation) = Trained(spec);
        using var network = new TrainedNetwork(spec, stages);
        var test = TinyRun.Data.Test;

        var layers = network.Layers(test)!;

        var found = layers
            .Labels.Chunk(4)
            .Select((goodness, at) => (Layer: at % spec.Layers.Count, Image: at / spec.Layers.Count, goodness));
        var errors = found
            .GroupBy(one => one.Layer)
            .Select(layer => layer.Count(one => Array.IndexOf(one.goodness, one.goodness.Max()) != test.Labels[one.Image]))
            .Select(wrong => (double)wrong / test.Count);
        Assert.Equal(evaluation.OwnErrors, errors);
        Assert.True(layers.Neutral.Length == (spec.Convolutions.Count > 0 ? 0 : test.Count * spec.Layers.Count), kind);
    }

    [Theory]
    [InlineData("top-down")]
    [InlineData("perceptron")]
    [InlineData("hybrid")]
    public void No_layer_tells_a_class_alone_where_labels_are_above_or_nowhere(string kind)
    {
        var spec =
            kind == "hybrid" ? TinyRun.Spec() with { Negatives = new NegativesSpec { Kind = NegativesKind.Hybrid } } : OtherNetwork(kind);
        spec = spec with
        {
            Epochs = 1,
            Checkpoint = new CheckpointSpec { EverySlots = 1000 },
        };
        using var network = new TrainedNetwork(spec, Trained(spec).Stages);

        Assert.Null(network.Layers(TinyRun.Data.Test));
    }

    [Fact]
    public void Labels_have_no_goodness_where_no_picture_has_one()
    {
        var spec = TinyRun.Spec() with
        {
            Negatives = new NegativesSpec { Kind = NegativesKind.Hybrid },
            Epochs = 1,
            Checkpoint = new CheckpointSpec { EverySlots = 1000 },
        };
        using var network = new TrainedNetwork(spec, Trained(spec).Stages);

        Assert.Throws<InvalidInputException>(() => network.Goodness(TinyRun.Data.Test));
        var (probabilities, test) = network.Answer(TinyRun.Data.Test);
        Assert.Equal(PredictionTest.Fast, test);
        Assert.Equal(network.Predict(TinyRun.Data.Test), probabilities);
    }

    public static TheoryData<string, ExperimentSpec> OtherNetworks =>
        new()
        {
            { "top-down", TinyRun.Spec() with { TopDown = new TopDownSpec { Iterations = 5 } } },
            {
                "local",
                TinyRun.Spec() with
                {
                    Layers = [36, 20],
                    Local = new LocalSpec
                    {
                        Grid = [3, 2],
                        Size = 4,
                        Stride = 2,
                    },
                }
            },
            { "perceptron", TinyRun.Spec() with { Backpropagation = new BackpropagationSpec { Network = NetworkKind.Perceptron } } },
            {
                "convolutional",
                TinyRun.Spec() with
                {
                    Layers = [3, 5, 12],
                    Backpropagation = new BackpropagationSpec { Network = NetworkKind.Convolutional },
                }
            },
            { "competing channels", TinyConvolutions.ByName["competing"] },
            { "channels that hide", TinyConvolutions.ByName["hiding"] },
            { "shortcuts", TinyConvolutions.ByName["shortcuts"] },
            {
                "one dense layer",
                TinyRun.Spec() with
                {
                    Layers = [20],
                    Backpropagation = new BackpropagationSpec { Network = NetworkKind.Convolutional },
                }
            },
        };

    [Theory]
    [MemberData(nameof(OtherNetworks))]
    public void So_does_that_of_every_other_kind_of_network(string kind, ExperimentSpec spec)
    {
        spec = spec with
        {
            Epochs = 3,
            Checkpoint = new CheckpointSpec { EverySlots = 1000 },
        };
        var (stages, evaluation) = Trained(spec);
        using var network = new TrainedNetwork(spec, stages);

        Assert.Equal((64, 4), (network.Pixels, network.Classes));
        Assert.Equal(evaluation.ErrorFast, Error(network.Predict(TinyRun.Data.Test), TinyRun.Data.Test.Labels));
        Assert.True(evaluation.ErrorFast < 0.7, kind);
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Signals_from_above_begin_where_the_pass_from_below_ends_and_then_change_what_is_seen(Precision precision)
    {
        var spec = TinyRun.Spec(precision) with
        {
            Epochs = 2,
            TopDown = new TopDownSpec { Iterations = 5 },
            Checkpoint = new CheckpointSpec { EverySlots = 1000 },
        };
        using var network = new TrainedNetwork(spec, Trained(spec).Stages);

        var settled = network.Settle(TinyRun.Data.Train);

        Assert.Equal(6, settled.Count);
        Assert.Equal(network.Predict(TinyRun.Data.Train), settled[0]);
        Assert.All(settled.Skip(1), later => Assert.NotEqual(settled[0], later));
        Assert.True(Change(settled[5], settled[4]) < Change(settled[2], settled[1])); // damped, it comes to rest
        Assert.Throws<InvalidInputException>(() =>
            new TrainedNetwork(TinyRun.Spec(), Trained(TinyRun.Spec() with { Epochs = 1, Checkpoint = spec.Checkpoint }).Stages).Settle(
                TinyRun.Data.Test
            )
        );
    }

    [Fact]
    public void An_image_is_answered_alike_alone_and_among_more_than_go_into_one_pass()
    {
        var spec = TinyRun.Spec() with
        {
            Epochs = 1,
            Checkpoint = new CheckpointSpec { EverySlots = 1000 },
        };
        using var network = new TrainedNetwork(spec, Trained(spec).Stages);
        var one = TinyRun.Data.Train.First(1);
        var many = Enumerable.Repeat(one.Pixels, 700).SelectMany(pixels => pixels).ToArray();

        var alone = network.Predict(one);
        var among = network.Predict(new LabelledImages(700, one.Height, one.Width, many, new byte[700]));

        Assert.All(among.Chunk(4), row => Assert.All(row.Zip(alone), pair => Assert.Equal(pair.Second, pair.First, 1e-5)));
    }

    [Fact]
    public void Images_of_another_size_and_checkpoints_of_another_network_are_refused()
    {
        var spec = TinyRun.Spec() with
        {
            Epochs = 1,
            Checkpoint = new CheckpointSpec { EverySlots = 1000 },
        };
        var stages = Trained(spec).Stages;
        using var network = new TrainedNetwork(spec, stages);

        var size = Assert.Throws<InvalidInputException>(() => network.Predict(new LabelledImages(1, 3, 3, new byte[9], [0])));
        var fewer = Assert.Throws<InvalidInputException>(() => new TrainedNetwork(spec with { Layers = [32] }, stages));
        var wider = Assert.Throws<InvalidInputException>(() => new TrainedNetwork(spec with { Layers = [32, 25] }, stages));

        Assert.Equal("The images have 9 pixels, expected 64 as the network was trained on.", size.Message);
        Assert.Equal("The checkpoint has 3 stages, expected 1 layers and the readout: it is of another network.", fewer.Message);
        Assert.Equal("The checkpoint has no tensor 'weights' of 25 x 32: it is of another network.", wider.Message);
    }

    [Fact]
    public void A_checkpoint_from_before_rows_that_pull_were_counted_gives_the_same_answers()
    {
        var spec = TinyRun.Spec() with
        {
            Epochs = 1,
            Checkpoint = new CheckpointSpec { EverySlots = 1000 },
        };
        var stages = Trained(spec).Stages;
        using var now = new TrainedNetwork(spec, stages);
        using var before = new TrainedNetwork(
            spec,
            [.. stages.Select(stage => stage.Where(tensor => tensor.Name != "measurement.pulling").ToList())]
        );

        Assert.NotEqual(stages.Sum(stage => stage.Count), stages.Sum(stage => stage.Count(tensor => tensor.Name != "measurement.pulling")));
        Assert.Equal(now.Predict(TinyRun.Data.Test), before.Predict(TinyRun.Data.Test));
    }

    private static (IReadOnlyList<IReadOnlyList<StateTensor>> Stages, Evaluation Evaluation) Trained(ExperimentSpec spec)
    {
        using var trainer = new SequentialTrainer(spec, TinyRun.Data, new WorkerPool(1));
        IReadOnlyList<IReadOnlyList<StateTensor>> stages = [];
        trainer.SlotDone += slot => stages = trainer.Plan.IsCheckpoint(slot) ? trainer.SnapshotAfter(slot) : stages;
        var evaluation = trainer.Run().Evaluation;
        return (stages, evaluation);
    }

    private static double Error(float[] probabilities, byte[] labels) =>
        probabilities
            .Chunk(probabilities.Length / labels.Length)
            .Zip(labels)
            .Count(image => Array.IndexOf(image.First, image.First.Max()) != image.Second) / (double)labels.Length;

    private static ExperimentSpec OtherNetwork(string kind) => (ExperimentSpec)OtherNetworks.Single(other => (string)other[0] == kind)[1];

    private static double[] Doubles(IReadOnlyList<StateTensor> stage, string name) =>
        Array.ConvertAll(stage.Single(tensor => tensor.Name == name).ToFloats(), value => (double)value);

    private static float Change(float[] now, float[] before) => now.Zip(before, (a, b) => Math.Abs(a - b)).Sum();
}
