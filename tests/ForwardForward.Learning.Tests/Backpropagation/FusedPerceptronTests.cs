using ForwardForward.Learning.Backpropagation;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Layers;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Backpropagation;

/// <summary>Backpropagation without autograd, held against autograd.</summary>
public sealed class FusedPerceptronTests
{
    private const int Rows = 12;
    private const int Pixels = 37;
    private const int Classes = 5;
    private static readonly byte[] Labels = [.. Enumerable.Range(0, Rows).Select(i => (byte)(i % Classes))];

    [Theory]
    [InlineData(Precision.Fp32, 0.0, 0.0, 1e-4)]
    [InlineData(Precision.Fp32, 0.2, 0.1, 1e-4)]
    [InlineData(Precision.Bf16, 0.2, 0.1, 0.05)]
    public void It_learns_what_autograd_learns(Precision precision, double dropout, double smoothing, double tolerance)
    {
        var spec = Spec(precision, dropout, smoothing);
        using var fused = new FusedPerceptron(spec, Pixels, Classes, Rows, WorkerPool.One);
        using var autograd = new BackpropagationNetwork(spec with { Precision = Precision.Fp32 }, Pixels, Classes);
        using Activations x = RandomRows.Make(Rows, Pixels, precision),
            same = RandomRows.Make(Rows, Pixels, Precision.Fp32);
        Assert.Equal(Read(autograd.State)["weights.1"], Read(fused.State)["weights.1"]);

        for (var update = 1; update <= 3; update++)
        {
            using Activations made = fused.Forward(x, update),
                expected = autograd.Forward(same, update);
            AssertNear(Read(expected), Read(made), tolerance, $"probabilities {update}");
            Assert.Equal(
                autograd.Learn(new RowLayout(0, 0, Rows, 0), Labels, 0.5, update).Loss,
                fused.Learn(new RowLayout(0, 0, Rows, 0), Labels, 0.5, update).Loss,
                tolerance
            );
        }

        var (learned, from) = (Read(fused.State), Read(autograd.State));
        Assert.Equal(from.Keys, learned.Keys);
        Assert.All(from, tensor => AssertNear(tensor.Value, learned[tensor.Key], tolerance, tensor.Key));
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void The_number_of_threads_changes_no_bit(Precision precision)
    {
        var spec = TinyRun.Spec(precision) with
        {
            Layers = precision == Precision.Fp32 ? [300, 1100] : [130, 140], // in more than one panel; bf16 may be slow
            Epochs = 2,
            Backpropagation = new BackpropagationSpec { Network = NetworkKind.Perceptron },
            Regularization = new RegularizationSpec { Dropout = 0.2 },
        };

        Assert.Equal(
            [TinyRun.Train(spec).Hash, TinyRun.Train(spec).Hash],
            [TinyRun.Train(spec, threads: 2).Hash, TinyRun.Train(spec, threads: 5).Hash]
        );
    }

    [Fact]
    public void Questions_between_a_batch_and_its_update_leave_no_trace_and_are_not_learned_from()
    {
        var spec = Spec(Precision.Fp32, 0, 0);
        using var network = new FusedPerceptron(spec, Pixels, Classes, Rows, WorkerPool.One);
        using var x = RandomRows.Make(Rows, Pixels, Precision.Fp32);
        var before = Read(network.State)["weights.1"];

        network.Forward(x).Dispose();

        Assert.Throws<InvalidOperationException>(() => network.Learn(new RowLayout(0, 0, Rows, 0), Labels, 1, 1));
        Assert.Equal(before, Read(network.State)["weights.1"]);
    }

    [Fact]
    public void A_network_that_diverges_is_named_in_a_sentence()
    {
        var spec = Spec(Precision.Fp32, 0, 0) with { Optimizer = new OptimizerSpec { LearningRate = 1e30 } };
        using var network = new FusedPerceptron(spec, Pixels, Classes, Rows, WorkerPool.One);
        using var x = RandomRows.Make(Rows, Pixels, Precision.Fp32);

        var diverged = Assert.Throws<DivergedException>(() =>
        {
            for (var update = 1; update <= 4; update++)
            {
                network.Forward(x, update).Dispose();
                network.Learn(new RowLayout(0, 0, Rows, 0), Labels, 1, update);
            }
        });

        Assert.Contains("lower optimizer.learningRate (1E+30)", diverged.Message, StringComparison.Ordinal);
    }

    private static ExperimentSpec Spec(Precision precision, double dropout, double smoothing) =>
        new()
        {
            Layers = [33, 18],
            BatchSize = Rows,
            Precision = precision,
            Backpropagation = new BackpropagationSpec { Network = NetworkKind.Perceptron, LabelSmoothing = smoothing },
            Regularization = new RegularizationSpec { Dropout = dropout },
            Optimizer = new OptimizerSpec { LearningRate = 0.5, WeightDecay = 0.01 },
        };
}
