using ForwardForward.Chaos;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Hosting;

namespace ForwardForward.Runtime.Tests.Parity;

/// <summary>A network that is asked while it learns answers as it is just then, and learns the same.</summary>
public sealed class LivePredictionTests : IDisposable
{
    private const int Asked = 7;
    private readonly TemporaryFolder _folder = new();
    private readonly ExperimentSpec _spec;
    private readonly DataSet _data;

    public LivePredictionTests()
    {
        LibTorch.EnsureLoaded();
        _spec = new ExperimentSpec
        {
            Dataset = TinyIdx.Write(_folder["data"], train: 400, test: 60, side: 8, classes: 5),
            Layers = [50, 70, 71],
            Epochs = 40,
            BatchSize = 20,
            Negatives = new NegativesSpec { Lag = 6 },
            Evaluation = new EvaluationSpec { FastEvery = 1, GoodnessEvery = 20 },
            Checkpoint = new CheckpointSpec { EverySlots = 100 },
        };
        _data = new DataSets(_folder["cache"]).Open(_spec.Dataset, _ => { });
    }

    private byte[] Pixels => _data.Test.Pixels[..(Asked * _data.Test.PixelsPerImage)];

    [Theory]
    [InlineData(Precision.Fp32, 1, new int[0])]
    [InlineData(Precision.Bf16, 3, new int[0])]
    [InlineData(Precision.Bf16, 3, new[] { 1, 2, 1 })]
    [InlineData(Precision.Fp32, 3, new[] { 2, 2, 1 }, new[] { 1, 1, 2 })]
    public async Task Answers_are_those_of_the_sequential_network_after_the_same_slot_and_change_no_bit(
        Precision precision,
        int silos,
        int[] shards,
        int[]? replicas = null
    )
    {
        var spec = _spec with { Precision = precision, Shards = shards, Replicas = replicas ?? [] };
        var answers = await AskWhileItLearns(spec, silos, answered: 20);

        Assert.All(answers, answer => Assert.Equal(answer.IsLive ? PredictionTest.Fast : PredictionTest.Joint, answer.Test));
    }

    [Fact]
    public async Task So_are_those_of_convolutional_layers_whose_shortcut_crosses_silos()
    {
        ConvolutionLayerSpec layer = new() { Goodness = ChannelGoodness.Mean, Normalization = ChannelNormalization.Group };
        var spec = _spec with
        {
            Precision = Precision.Fp32,
            Layers = [10, 10, 10, 10],
            Convolutions = [layer, layer with { Stride = 2 }, layer with { ShortcutFrom = 1 }, layer],
            Epochs = 10,
        };

        await AskWhileItLearns(spec, silos: 3, answered: 3);
    }

    // Answers that came while it learned are those of the sequential network, those of its layers too, and so is the hash.
    private async Task<IReadOnlyList<PredictionResult>> AskWhileItLearns(ExperimentSpec spec, int silos, int answered)
    {
        await using var cluster = await EmbeddedCluster.Start(silos, _folder["cache"], _folder["checkpoints"]);
        var run = cluster.Grains.GetGrain<IExperimentGrain>("asked");
        var status = await run.Start(new RunRequest(spec));
        var answers = new List<PredictionResult>();
        while (!status.IsOver)
        {
            answers.AddRange(await Task.WhenAll(run.Predict(Pixels), run.PredictLayers(Pixels), run.Predict(Pixels)));
            status = await run.Status();
        }

        var live = answers
            .Where(answer => answer is { IsLive: true, Slot: >= 0 })
            .DistinctBy(answer => answer.Slot)
            .ToDictionary(answer => answer.Slot);
        Assert.True(live.Count > answered, $"Only {live.Count} answers came from the network that trained.");
        Assert.InRange(live.Values.Count(answer => answer.Goodness is not null), answered / 3, live.Count - (answered / 3));
        Assert.Equal(await Hash(spec, live), status.StateHash);
        return answers;
    }

    [Fact]
    public async Task A_run_that_rests_or_is_done_answers_from_its_checkpoint()
    {
        await using var cluster = await EmbeddedCluster.Start(2, _folder["cache"], _folder["checkpoints"]);
        var run = cluster.Grains.GetGrain<IExperimentGrain>("resting");
        await run.Start(new RunRequest(_spec with { Precision = Precision.Fp32 }));

        var paused = await run.Pause();
        var resting = await run.Predict(Pixels);
        await run.Resume();
        var status = await run.Status();
        for (long next = 0; !status.IsOver; )
        {
            var news = await run.Watch(next);
            (status, next) = (news.Status, next + news.Events.Count);
        }

        var done = await run.Predict(_data.Test.Pixels);

        Assert.Equal((false, paused.LastCheckpointSlot), (resting.IsLive, resting.Slot));
        Assert.Equal((false, status.LastCheckpointSlot), (done.IsLive, done.Slot));
        Assert.Equal((PredictionTest.Joint, PredictionTest.Joint), (resting.Test, done.Test));
        using var network = await After(status.Spec, status.LastCheckpointSlot!.Value);
        Assert.Equal(network.Answer(_data.Test).Probabilities, done.Probabilities);
        Assert.Equal(
            JointTest.Error(network, _data.Test),
            _data.Test.Labels.Where((label, i) => Best(done.Probabilities, i) != label).Count() / (double)_data.Test.Count
        );
    }

    [Fact]
    public async Task What_cannot_be_answered_is_refused_with_a_sentence()
    {
        await using var cluster = await EmbeddedCluster.Start(1, _folder["cache"], _folder["checkpoints"]);
        var run = cluster.Grains.GetGrain<IExperimentGrain>("strict");
        await run.Start(new RunRequest(_spec with { Precision = Precision.Fp32, Epochs = 100_000, Evaluation = new EvaluationSpec() }));

        var none = await Assert.ThrowsAsync<InvalidInputException>(() => run.Predict([]));
        var half = await Assert.ThrowsAsync<InvalidInputException>(() => run.Predict(new byte[65]));
        var many = await Assert.ThrowsAsync<InvalidInputException>(() => run.Predict(new byte[257 * 64]));
        var unknown = await Assert.ThrowsAsync<InvalidInputException>(() =>
            cluster.Grains.GetGrain<IExperimentGrain>("stranger").Predict(Pixels)
        );
        var flood = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Record.ExceptionAsync(() => run.Predict(new byte[256 * 64]))));
        await run.Cancel();

        Assert.Equal("0 pixels are no images for the run 'strict', expected 1 to 256 images of 64 pixels.", none.Message);
        Assert.StartsWith("65 pixels are no images", half.Message, StringComparison.Ordinal);
        Assert.StartsWith("16448 pixels are no images", many.Message, StringComparison.Ordinal);
        Assert.Equal("There is no run named 'stranger'.", unknown.Message);
        Assert.Contains(flood, failure => failure is BusyException);
        Assert.Contains(flood, failure => failure is null);
    }

    public void Dispose() => _folder.Dispose();

    private static int Best(float[] probabilities, int image) => Enumerable.Range(0, 5).MaxBy(c => probabilities[(image * 5) + c]);

    private async Task<TrainedNetwork> After(ExperimentSpec spec, long checkpoint)
    {
        using var reference = new SequentialTrainer(spec, _data, new WorkerPool(1));
        IReadOnlyList<IReadOnlyList<StateTensor>> state = [];
        reference.SlotDone += slot => state = slot == checkpoint ? reference.SnapshotAfter(slot) : state;
        await Task.Run(() => reference.Run());
        return new TrainedNetwork(spec, state);
    }

    /// <summary>Runs the same slots one after the other, and holds every answer against the network as it is after its slot.</summary>
    private async Task<string> Hash(ExperimentSpec spec, Dictionary<long, PredictionResult> answers)
    {
        using var reference = new SequentialTrainer(spec, _data, new WorkerPool(1));
        IReadOnlyList<IReadOnlyList<StateTensor>>? state = null; // only training changes it
        var compared = 0;
        reference.SlotDone += slot =>
        {
            state =
                reference.Plan[slot].Kind == SlotKind.Train
                && (answers.ContainsKey(slot) || reference.Plan[slot + 1].Kind != SlotKind.Train)
                    ? reference.SnapshotAfter(slot)
                    : state;
            if (answers.TryGetValue(slot, out var answer))
            {
                using var network = new TrainedNetwork(spec, state!);
                var images = new LabelledImages(Asked, 1, 64, Pixels, new byte[Asked]);
                AssertNear(network.Predict(images), answer.Probabilities, 1e-5);
                if (answer.Goodness is not null)
                {
                    var layers = network.Layers(images)!;
                    Assert.Equal(Asked * spec.Layers.Count * 5, layers.Labels.Length);
                    AssertNear(layers.Labels, answer.Goodness, 1e-3 * layers.Labels.Max());
                    AssertNear(layers.Neutral, answer.NeutralGoodness!, 1e-3 * layers.Labels.Max());
                }

                compared++;
            }
        };
        var hash = await Task.Run(() => reference.Run().Hash);
        Assert.Equal(answers.Count, compared);
        return hash;
    }

    private static void AssertNear(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
