using ForwardForward.Learning.Backpropagation;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Layers;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Backpropagation;

public sealed class BackpropagationNetworkTests
{
    private const int Rows = 6;
    private const int Pixels = 16;
    private const int Classes = 3;
    private static readonly byte[] Labels = [0, 1, 2, 2, 1, 0];

    [Theory]
    [InlineData(NetworkKind.Perceptron, new[] { 7, 5 }, 0.0)]
    [InlineData(NetworkKind.Perceptron, new[] { 7, 5 }, 0.3)]
    [InlineData(NetworkKind.Convolutional, new[] { 2, 3, 5 }, 0.3)]
    public void Every_weight_moves_along_the_slope_of_the_smoothed_log_likelihood(string kind, int[] layers, double smoothing)
    {
        var spec = Spec(kind, layers, smoothing);
        using var network = new BackpropagationNetwork(spec, Pixels, Classes);
        using var x = RandomRows.Make(Rows, Pixels, Precision.Fp32);
        var before = network.State.Where(tensor => !tensor.Name.EndsWith("average", StringComparison.Ordinal)).ToList();
        var slopes = before.ToDictionary(tensor => tensor.Name, tensor => Slopes(network, tensor.Value, x, smoothing));

        network.Forward(x, trainingSlot: 0).Dispose();
        var measured = network.Learn(new RowLayout(0, 0, Rows, 0), Labels, 1, 1);

        var state = Read(network.State);
        // without momentum the averages are the gradient itself
        Assert.All(slopes, slope => AssertNear(slope.Value, state[$"{slope.Key}.average"], 0.02, slope.Key));
        Assert.True(measured.Loss > 0);
    }

    [Fact]
    public void Units_are_left_out_by_seed_slot_and_row_and_only_while_it_learns()
    {
        var spec = Spec(NetworkKind.Perceptron, [40, 40], 0) with { Regularization = new RegularizationSpec { Dropout = 0.5 } };
        using var network = new BackpropagationNetwork(spec, Pixels, Classes);
        using var x = RandomRows.Make(Rows, Pixels, Precision.Fp32);
        double[] Passed(long? slot)
        {
            using var rows = network.Forward(x, slot);
            return Read(rows);
        }

        Assert.Equal(Passed(3), Passed(3));
        Assert.NotEqual(Passed(3), Passed(4));
        Assert.Equal(Passed(null), Passed(null));
        Assert.NotEqual(Passed(null), Passed(3));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        var convolutional = new ExperimentSpec
        {
            Layers = [4, 4, 4, 9],
            Backpropagation = new BackpropagationSpec { Network = NetworkKind.Convolutional },
        };
        Assert.Equal(
            "layers: a convolutional network of 3 convolutions halves square pictures as often, and these have 49 pixels; "
                + "expected square pictures of at least 8 pixels a side.",
            Assert.Throws<InvalidInputException>(() => new BackpropagationNetwork(convolutional, 49, Classes)).Message
        );
        foreach (
            var (spec, start) in new[]
            {
                (convolutional with { PermutePixels = true }, "permutePixels: convolutions see neighbourhoods"),
                (
                    convolutional with
                    {
                        Precision = Precision.Bf16,
                    },
                    "precision: a convolutional network that learns by backpropagation is computed in fp32"
                ),
                (
                    convolutional with
                    {
                        TopDown = new TopDownSpec { Iterations = 8 },
                    },
                    "topDown.iterations: a network that learns by backpropagation has no signals from above"
                ),
            }
        )
        {
            Assert.StartsWith(
                start,
                Assert.Throws<InvalidInputException>(() => new SlotPlan(spec, 1000, 100, 10)).Message,
                StringComparison.Ordinal
            );
        }
    }

    private static ExperimentSpec Spec(string kind, int[] layers, double smoothing) =>
        new()
        {
            Layers = layers,
            Precision = Precision.Fp32,
            Backpropagation = new BackpropagationSpec { Network = kind, LabelSmoothing = smoothing },
            Optimizer = new OptimizerSpec { Momentum = 0, WeightDecay = 0 },
        };

    // By differences: of the mean over the rows, as the averages are.
    private static double[] Slopes(BackpropagationNetwork network, Matrix parameter, Activations x, double smoothing)
    {
        const float Step = 3e-4f; // small, for the corners of the rectifiers
        var slopes = new double[parameter.Rows * parameter.Columns];
        for (var i = 0; i < slopes.Length; i++)
        {
            ref var weight = ref parameter.RowSpan<float>(0, parameter.Rows)[i];
            var was = weight;
            weight = was + Step;
            var above = Likelihood(network, x, smoothing);
            weight = was - Step;
            slopes[i] = (above - Likelihood(network, x, smoothing)) / (2 * Step);
            weight = was;
        }

        return slopes;
    }

    private static double Likelihood(BackpropagationNetwork network, Activations x, double smoothing)
    {
        using var rows = network.Forward(x);
        return Read(rows)
                .Select(
                    (p, i) =>
                        (i % Classes == Labels[i / Classes] ? 1 - smoothing + (smoothing / Classes) : smoothing / Classes) * Math.Log(p)
                )
                .Sum() / Rows;
    }
}
