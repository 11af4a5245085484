using System.Runtime.InteropServices;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Plain;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Plain;

public sealed class PlainNetworkTests
{
    private const double Chance = 0.75; // four classes
    private static readonly ExperimentSpec Spec = TinyRun.Spec() with
    {
        Epochs = 2,
        Negatives = new NegativesSpec { Kind = NegativesKind.Random },
    };

    [Fact]
    public void The_sequential_trainer_learns_what_plain_loops_do()
    {
        using var trainer = new SequentialTrainer(Spec, TinyRun.Data, WorkerPool.One);
        var weights = trainer.State().SkipLast(1).Select(stage => Array.ConvertAll(stage[0].ToFloats(), w => (double)w));
        var network = new PlainNetwork(Spec, 64, 4, [.. weights]);
        Train(network);
        var errors = trainer.Run().Evaluation;

        foreach (var (layer, stage) in network.Layers.Zip(trainer.State()))
        {
            AssertNear(layer.Weights, stage.First(tensor => tensor.Name == "weights").ToFloats());
            AssertNear(layer.Bias, stage.First(tensor => tensor.Name == "bias").ToFloats());
        }

        AssertNear(network.Readout.Weights, trainer.State()[^1][0].ToFloats());
        Assert.Equal(errors.ErrorFast!.Value, Error(network.Predict));
        Assert.Equal(errors.ErrorGoodness!.Value, Error(network.PredictByGoodness));
        Assert.InRange(errors.ErrorFast.Value, 0, Chance / 2);
    }

    // The rows of every slot as the source draws them: a picture is found by its place in the epoch's order, a wrong label in its negative
    // row.
    private static void Train(PlainNetwork network)
    {
        var source = new SlotSource(Spec, TinyRun.Data);
        for (var i = 0L; i < source.Plan.SlotCount; i++)
        {
            if (source.Plan[i].Kind != SlotKind.Train)
            {
                continue;
            }

            var slot = source.Make(i);
            using var made = slot.Rows!;
            var first = (int)(slot.Update - 1) % source.Plan.BatchesPerEpoch * Spec.BatchSize;
            var order = new KeyedRandom(Spec.Seed, RandomPurpose.Order, 0, slot.Epoch).NextOrder(TinyRun.Data.Train.Count);
            var images = order[first..(first + Spec.BatchSize)];
            byte[] wrong = [.. Enumerable.Range(0, Spec.BatchSize).Select(row => Label(made, Spec.BatchSize + row))];
            byte[] labels = [.. images.Select(image => TinyRun.Data.Train.Labels[image])];
            double[][] rows = [.. images.Select(image => Row(TinyRun.Data.Train, image))];
            network.Step(rows, labels, wrong, LearningRateSchedule.HalfThenLinear(slot.Epoch, Spec.Epochs), (int)slot.Update);
        }
    }

    private static byte Label(Activations rows, int row)
    {
        var values = MemoryMarshal.Cast<byte, float>(rows.Bytes).Slice(row * 64, 4);
        return (byte)values.IndexOfAnyExcept(0f);
    }

    private static double[] Row(LabelledImages images, int image) =>
        Array.ConvertAll(images.Pixels[(image * 64)..((image + 1) * 64)], pixel => pixel / 255.0);

    private static double Error(Func<double[], int> predict)
    {
        var test = TinyRun.Data.Test;
        return Enumerable.Range(0, test.Count).Count(image => predict(Row(test, image)) != test.Labels[image]) / (double)test.Count;
    }

    private static void AssertNear(double[] expected, float[] actual)
    {
        var largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4 * largest));
    }
}
