using ForwardForward.Learning.Data;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Streams;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Streams;

/// <summary>What is answered wrongly of a stream before anything is learned of it, computed plainly.</summary>
public sealed class PrequentialErrorTests
{
    private const int Count = 2137;

    [Theory]
    [InlineData(NetworkKind.None)]
    [InlineData(NetworkKind.Perceptron)]
    public void It_is_what_the_network_as_it_was_before_each_mini_batch_answers_wrongly_of_the_last_thousand_examples(string kind)
    {
        var spec = TinyRun.Spec() with
        {
            Stream = true,
            Epochs = 20,
            Backpropagation = new BackpropagationSpec { Network = kind },
        };
        List<bool> wrong = [];
        List<(long Examples, double Error)> measured = [];
        List<(long, double)> expected = [];
        using var trainer = new SequentialTrainer(spec, TinyRun.Data, new WorkerPool(1), stream: new Journal());
        trainer.Streamed += streamed => measured.Add((streamed.Examples, streamed.Error));
        trainer.SlotDone += slot => Answer(trainer, spec, slot + 1, wrong);
        Answer(trainer, spec, 0, wrong);
        trainer.Run();

        for (var examples = 1000; examples <= Count; examples += 1000)
        {
            expected.Add((examples, wrong.Take(examples).TakeLast(PrequentialError.Window).Count(one => one) / 1000.0));
        }

        Assert.Equal(2130, wrong.Count); // in whole mini-batches
        Assert.Equal(expected, measured);
        Assert.InRange(measured[0].Error, 0.01, 0.9);
    }

    [Fact]
    public void A_copy_goes_on_counting_where_it_was_taken()
    {
        var (one, other) = (new PrequentialError(1000), new PrequentialError(1000));
        PrequentialMeasurement? Add(PrequentialError error, int from) =>
            error.Add([0.2f, 0.8f], [(byte)(from % 3 == 0 ? 0 : 1)], from, from, 0);
        for (var i = 0; i < 1500; i++)
        {
            Add(one, i);
        }

        other.Restore([one.Snapshot()]);
        for (var i = 1500; i < 1999; i++)
        {
            Assert.Null(Add(one, i));
            Add(other, i);
        }

        var last = Add(one, 1999);
        Assert.Equal(last, Add(other, 1999));
        Assert.Equal((2000, 0.333), (last!.Examples, last.Error));
    }

    private static void Answer(SequentialTrainer trainer, ExperimentSpec spec, long slot, List<bool> wrong)
    {
        if (slot >= trainer.Plan.SlotCount || trainer.Plan[slot] is not { Kind: SlotKind.Train, NeutralBatch: >= 0 and var batch })
        {
            return;
        }

        using var network = new TrainedNetwork(spec, trainer.State());
        var first = (int)batch * spec.BatchSize;
        if (first + spec.BatchSize > Count)
        {
            return; // the plan is not cut short yet
        }

        var examples = Enumerable.Range(first, spec.BatchSize).Select(Example).ToList();
        byte[] labels = [.. examples.Select(example => example.Label)];
        byte[] pixels = [.. examples.SelectMany(example => example.Pixels.ToArray())];
        var said = network.Predict(new LabelledImages(labels.Length, 8, 8, pixels, labels));
        wrong.AddRange(
            labels.Select(
                (label, i) =>
                {
                    var scores = said[(i * network.Classes)..((i + 1) * network.Classes)];
                    return Array.IndexOf(scores, scores.Max()) != label;
                }
            )
        );
    }

    private static Example Example(int number)
    {
        var image = number * 7 % TinyRun.Data.Train.Count;
        return new Example(TinyRun.Data.Train.Labels[image], TinyRun.Data.Train.Pixels.AsMemory(image * 64, 64));
    }

    private sealed class Journal : IExamples
    {
        public StreamPiece Read(long first, int most) =>
            new([.. Enumerable.Range((int)first, Math.Max(0, Math.Min(most, Count - (int)first))).Select(Example)], Count);
    }
}
