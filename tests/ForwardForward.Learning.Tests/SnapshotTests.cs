using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Convolutions;

namespace ForwardForward.Learning.Tests;

/// <summary>A run that is taken up from a snapshot ends in the bytes of the one that was not interrupted.</summary>
public sealed class SnapshotTests
{
    private static readonly ExperimentSpec Short = TinyRun.Spec() with
    {
        Epochs = 3,
        Evaluation = new EvaluationSpec { FastEvery = 1, GoodnessEvery = 2 },
    };

    public static TheoryData<Precision, string, string, int[], int[]> Variants =>
        new()
        {
            { Precision.Fp32, NegativesKind.Hard, OptimizerKind.AveragedGradient, [], [] },
            { Precision.Bf16, NegativesKind.Hard, OptimizerKind.AveragedGradient, [], [] },
            { Precision.Bf16, NegativesKind.Random, OptimizerKind.Adam, [], [] },
            { Precision.Bf16, NegativesKind.Hard, OptimizerKind.Adam, [2, 3], [] },
            { Precision.Bf16, NegativesKind.Hard, OptimizerKind.AveragedGradient, [1, 2], [5, 1] },
        };

    [Theory]
    [MemberData(nameof(Variants))]
    public void From_every_training_slot_the_rest_of_the_run_is_the_same(
        Precision precision,
        string negatives,
        string optimizer,
        int[] shards,
        int[] replicas
    )
    {
        var spec = Short with
        {
            Shards = shards,
            Replicas = replicas,
            Precision = precision,
            Negatives = Short.Negatives with { Kind = negatives },
            Optimizer = Short.Optimizer with { Kind = optimizer, LearningRate = 0.01 },
        };
        var snapshots = new List<(long NextSlot, IReadOnlyList<IReadOnlyList<StateTensor>> State)>();
        using var undisturbed = Trainer(spec);
        var whole = new Journal(undisturbed);
        undisturbed.SlotDone += slot =>
        {
            if (undisturbed.Plan[slot].Kind == SlotKind.Train)
            {
                snapshots.Add((slot + 1, undisturbed.SnapshotAfter(slot)));
            }
        };
        var expected = undisturbed.Run();
        Assert.Equal(63, snapshots.Count + (negatives == NegativesKind.Hard ? 0 : 3));

        foreach (var (nextSlot, state) in snapshots)
        {
            using var resumed = Trainer(spec);
            var rest = new Journal(resumed);
            resumed.Restore(nextSlot, state);
            var result = resumed.Run();

            Assert.Equal(expected.Hash, result.Hash);
            Assert.Equal(expected.Evaluation, result.Evaluation);
            Assert.Equal(whole.Measurements.Where(measured => measured.Slot >= nextSlot), rest.Measurements);
        }
    }

    [Theory]
    [InlineData(NetworkKind.Perceptron, OptimizerKind.AveragedGradient)]
    [InlineData(NetworkKind.Convolutional, OptimizerKind.Adam)]
    public void Of_a_network_that_learns_by_backpropagation_too(string network, string optimizer)
    {
        var spec = Short with
        {
            Layers = [4, 12],
            Backpropagation = new BackpropagationSpec { Network = network },
            Optimizer = new OptimizerSpec { Kind = optimizer },
            Regularization = new RegularizationSpec { Dropout = 0.2 },
        };
        var snapshots = new List<(long NextSlot, IReadOnlyList<IReadOnlyList<StateTensor>> State)>();
        using var undisturbed = Trainer(spec);
        undisturbed.SlotDone += slot =>
        {
            if (undisturbed.Plan[slot].Kind == SlotKind.Train)
            {
                snapshots.Add((slot + 1, undisturbed.SnapshotAfter(slot)));
            }
        };
        var expected = undisturbed.Run();
        Assert.Equal(60, snapshots.Count);

        foreach (var (nextSlot, state) in snapshots)
        {
            using var resumed = Trainer(spec);
            resumed.Restore(nextSlot, state);
            Assert.Equal(expected.Hash, resumed.Run().Hash);
        }
    }

    [Theory]
    [MemberData(nameof(TinyConvolutions.Kinds), MemberType = typeof(TinyConvolutions))]
    public void Of_a_convolutional_network_too(string kind)
    {
        var spec = TinyConvolutions.ByName[kind] with
        {
            Epochs = 3,
            Evaluation = new EvaluationSpec { FastEvery = 1 },
        };
        var snapshots = new List<(long NextSlot, IReadOnlyList<IReadOnlyList<StateTensor>> State)>();
        using var undisturbed = Trainer(spec);
        undisturbed.SlotDone += slot =>
        {
            if (undisturbed.Plan[slot].Kind == SlotKind.Train)
            {
                snapshots.Add((slot + 1, undisturbed.SnapshotAfter(slot)));
            }
        };
        var expected = undisturbed.Run();
        Assert.Equal(60, snapshots.Count);

        foreach (var (nextSlot, state) in snapshots)
        {
            using var resumed = Trainer(spec);
            resumed.Restore(nextSlot, state);
            Assert.Equal(expected.Hash, resumed.Run().Hash);
        }
    }

    [Theory]
    [InlineData(NegativesKind.Hard)]
    [InlineData(NegativesKind.Random)]
    public void With_signals_from_above_the_rest_is_the_same_from_every_slot_that_leaves_no_iteration_under_way(string negatives)
    {
        var spec = Short with
        {
            TopDown = new TopDownSpec { Iterations = 5, Interleaved = 3 },
            Negatives = Short.Negatives with { Kind = negatives, Lag = 4 },
            Epochs = 2,
        };
        var snapshots = new List<(long NextSlot, IReadOnlyList<IReadOnlyList<StateTensor>> State)>();
        using var undisturbed = Trainer(spec);
        undisturbed.SlotDone += slot =>
        {
            if (undisturbed.Plan[slot] is { Kind: SlotKind.Train, EndsGroup: true })
            {
                snapshots.Add((slot + 1, undisturbed.SnapshotAfter(slot)));
            }
        };
        var expected = undisturbed.Run();
        // 20 batches an epoch, three at a time, and those that lag behind
        Assert.Equal(negatives == NegativesKind.Hard ? 16 : 14, snapshots.Count);

        foreach (var (nextSlot, state) in snapshots)
        {
            using var resumed = Trainer(spec);
            resumed.Restore(nextSlot, state);
            var result = resumed.Run();
            Assert.Equal((expected.Hash, expected.Evaluation), (result.Hash, result.Evaluation));
        }

        Assert.Throws<InvalidOperationException>(() => undisturbed.SnapshotAfter(snapshots[0].NextSlot - 2));
    }

    [Fact]
    public void A_run_that_is_cancelled_goes_on_where_it_was()
    {
        using var trainer = Trainer(Short);
        using var cancellation = new CancellationTokenSource();
        trainer.SlotDone += slot =>
        {
            if (slot == 30)
            {
                cancellation.Cancel();
            }
        };

        Assert.Throws<OperationCanceledException>(() => trainer.Run(cancellation.Token));

        Assert.Equal(31, trainer.NextSlot);
        Assert.Equal(TinyRun.Train(Short).Hash, trainer.Run().Hash);
    }

    [Fact]
    public void Before_the_first_slot_and_after_an_evaluation_there_is_no_snapshot()
    {
        using var trainer = Trainer(Short);
        Assert.Throws<InvalidOperationException>(() => trainer.SnapshotAfter(-1));
        trainer.Run();
        Assert.Throws<InvalidOperationException>(() => trainer.SnapshotAfter(trainer.Plan.SlotCount - 1));
    }

    [Fact]
    public void The_snapshot_of_another_network_is_refused()
    {
        using var trainer = Trainer(Short);
        using var other = Trainer(Short with { Layers = [32, 25] });
        IReadOnlyList<IReadOnlyList<StateTensor>>? state = null;
        trainer.SlotDone += slot => state ??= trainer.SnapshotAfter(slot);
        trainer.Run();

        var refused = Assert.Throws<InvalidInputException>(() => other.Restore(1, state!));
        Assert.Equal("The checkpoint has no tensor 'weights' of 25 x 32: it is of another network.", refused.Message);
    }

    private static SequentialTrainer Trainer(ExperimentSpec spec) => new(spec, TinyRun.Data, WorkerPool.One);

    private sealed class Journal
    {
        public Journal(SequentialTrainer trainer) => trainer.LayerMeasured += Measurements.Add;

        public List<LayerMeasurement> Measurements { get; } = [];
    }
}
