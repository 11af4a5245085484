using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests;

public sealed class SequentialTrainerTests
{
    private const double Chance = 0.75; // four classes

    [Theory]
    [InlineData(NegativesKind.Hard, Precision.Fp32)]
    [InlineData(NegativesKind.Hard, Precision.Bf16)]
    [InlineData(NegativesKind.Random, Precision.Fp32)]
    [InlineData(NegativesKind.Random, Precision.Bf16)]
    public void Learns_to_tell_the_classes_apart(string kind, Precision precision)
    {
        var result = TinyRun.Train(
            TinyRun.Spec(precision) with
            {
                Negatives = new NegativesSpec { Kind = kind, Lag = 3 },
            }
        );

        Assert.InRange(result.Evaluation.ErrorFast!.Value, 0, Chance / 5);
        Assert.InRange(result.Evaluation.ErrorGoodness!.Value, 0, Chance / 5);
    }

    [Fact]
    public void Learns_with_adam()
    {
        var result = TinyRun.Train(
            TinyRun.Spec() with
            {
                Optimizer = new OptimizerSpec { Kind = OptimizerKind.Adam, LearningRate = 0.003 },
            }
        );
        Assert.InRange(result.Evaluation.ErrorGoodness!.Value, 0, Chance / 5);
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Ends_in_the_same_bytes_every_time_and_with_any_number_of_threads(Precision precision)
    {
        var spec = TinyRun.Spec(precision) with { Layers = [300, 24], Epochs = 2 };
        var result = TinyRun.Train(spec);

        Assert.Matches("^[0-9a-f]{64}$", result.Hash);
        Assert.Equal(3, result.Stages.Count);
        Assert.Equal(result.Hash, TinyRun.Train(spec).Hash);
        Assert.Equal(result.Hash, TinyRun.Train(spec, threads: 2).Hash);
    }

    [Fact]
    public void Another_seed_changes_every_stage()
    {
        var spec = TinyRun.Spec() with { Epochs = 1 };
        var stages = TinyRun.Train(spec).Stages.Zip(TinyRun.Train(spec with { Seed = 2 }).Stages);
        Assert.All(stages, pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void Precision_lag_and_kind_of_negatives_change_the_result()
    {
        var spec = TinyRun.Spec() with { Epochs = 1 };
        string[] hashes =
        [
            TinyRun.Train(spec).Hash,
            TinyRun.Train(spec with { Precision = Precision.Bf16 }).Hash,
            TinyRun.Train(spec with { Negatives = new NegativesSpec { Lag = 4 } }).Hash,
            TinyRun.Train(spec with { Negatives = new NegativesSpec { Kind = NegativesKind.Random } }).Hash,
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void Reports_every_slot_the_layers_ten_times_an_epoch_and_the_evaluations_that_are_due()
    {
        var spec = TinyRun.Spec() with
        {
            Epochs = 3,
            Evaluation = new EvaluationSpec { FastEvery = 1, GoodnessEvery = 2 },
        };
        using var trainer = new SequentialTrainer(spec, TinyRun.Data, WorkerPool.One);
        var (slots, layers, evaluations) = (new List<long>(), new List<LayerMeasurement>(), new List<Evaluation>());
        trainer.SlotDone += slots.Add;
        trainer.LayerMeasured += layers.Add;
        trainer.Evaluated += evaluations.Add;
        var result = trainer.Run();

        Assert.Equal(Enumerable.Range(0, (int)trainer.Plan.SlotCount).Select(i => (long)i), slots);
        Assert.Equal([30, 30], layers.GroupBy(m => m.Layer).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.Equal(
            [(1, true, false), (2, true, true), (3, true, true)],
            evaluations.Select(e => (e.Epoch, e.ErrorFast is not null, e.ErrorGoodness is not null))
        );
        Assert.Equal(evaluations[^1], result.Evaluation);
    }

    [Fact]
    public void Goodness_moves_apart_while_it_learns()
    {
        using var trainer = new SequentialTrainer(TinyRun.Spec(), TinyRun.Data, WorkerPool.One);
        var measured = new List<LayerMeasurement>();
        trainer.LayerMeasured += measured.Add;
        trainer.Run();

        foreach (var layer in measured.GroupBy(m => m.Layer))
        {
            var last = layer.Last();
            Assert.True(last.GoodnessPositive > last.GoodnessNegative, $"{last}");
            Assert.True(last.Loss < layer.First().Loss, $"{layer.First()} then {last}");
        }
    }

    [Fact]
    public void Can_be_cancelled_between_two_slots()
    {
        using var cancellation = new CancellationTokenSource();
        using var trainer = new SequentialTrainer(TinyRun.Spec(), TinyRun.Data, WorkerPool.One);
        long last = -1;
        trainer.SlotDone += slot =>
        {
            last = slot;
            if (slot == 5)
            {
                cancellation.Cancel();
            }
        };

        Assert.Throws<OperationCanceledException>(() => trainer.Run(cancellation.Token));
        Assert.Equal(5, last);
    }
}
