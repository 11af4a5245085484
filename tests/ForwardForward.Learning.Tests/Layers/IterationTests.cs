using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using TorchSharp;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Layers;

/// <summary>One damped iteration with signals from below and above, against plain loops and autograd in float64.</summary>
public sealed class IterationTests
{
    private const int Batch = 6;
    private const int Below = 19;
    private const int Above = 11;
    private const int Units = 37;
    private const double Kept = 0.3;
    private static readonly RowLayout Learned = new(Batch, Batch, 0, 0);
    private static readonly RowLayout Risen = new(Batch, 0, 0, 0);

    [Theory]
    [InlineData(Precision.Fp32, 1e-5)]
    [InlineData(Precision.Bf16, 0.02)]
    public void Keeps_a_share_of_the_old_state_and_sends_the_new_one_normalized(Precision precision, double share)
    {
        using var run = new Iterated(precision);
        var (x, old) = (Concatenated(run), Plain(Read(run.BelowRows), run.Weights, Below));
        var expected = new double[2 * Batch * Units];
        for (var i = 0; i < expected.Length; i++)
        {
            var row = i / Units;
            expected[i] =
                (Kept * old[(row % Batch * Units) + (i % Units)]) + ((1 - Kept) * Math.Max(0, Dot(x, run.Weights, row, i % Units)));
        }

        var goodness = Enumerable.Range(0, 2 * Batch).Select(row => expected.Skip(row * Units).Take(Units).Sum(h => h * h)).ToArray();
        AssertNear(expected, Read(run.After.States)[..expected.Length], share, "states");
        AssertNear(goodness, Doubles(run.Layer.LastGoodness[..(2 * Batch)]), share, "goodness");
        AssertNear([.. expected.Select((h, i) => h / Math.Sqrt(goodness[i / Units] / Units))], Read(run.Output), share, "what is sent");
    }

    [Fact]
    public void Learns_along_autograds_gradient_by_the_newest_input_with_its_constant_absorbed()
    {
        using var run = new Iterated(Precision.Fp32);
        using var scope = torch.NewDisposeScope();
        var w = torch.tensor(run.Weights).reshape(Units, Below + Above).requires_grad_();
        var old = torch.tensor(Plain(Read(run.BelowRows), run.Weights, Below)).reshape(Batch, Units).repeat(2, 1);
        var h =
            (Kept * old)
            + ((1 - Kept) * torch.nn.functional.relu(torch.tensor(Concatenated(run)).reshape(2 * Batch, Below + Above).mm(w.t())));
        var logit = (h * h).sum(1) - (0.5 * Units);
        (
            torch.nn.functional.logsigmoid(logit.narrow(0, 0, Batch)).sum()
            + torch.nn.functional.logsigmoid(-logit.narrow(0, Batch, Batch)).sum()
        ).backward();

        run.Layer.Learn(Learned, 1, 1);

        var constant = 1 / (2 * (1 - Kept)); // of d(h^2) by the newest input
        AssertNear(
            [.. w.grad!.data<double>().Select(g => g * constant / Batch)],
            Read(run.Layer.State)["weights.average"],
            1e-5,
            "gradient of the weights"
        );
    }

    [Fact]
    public void A_unit_that_is_left_out_has_no_state_at_all()
    {
        using var run = new Iterated(Precision.Fp32, dropout: 0.5);
        var states = Read(run.After.States)[..(2 * Batch * Units)];
        Assert.InRange(states.Count(h => h == 0), 0.4 * states.Length, 0.75 * states.Length);
        Assert.All(states.Zip(Read(run.Output)), pair => Assert.Equal(pair.First == 0, pair.Second == 0));
    }

    private static double[] Plain(double[] x, double[] weights, int width) =>
        [
            .. Enumerable
                .Range(0, Batch * Units)
                .Select(i =>
                    Math.Max(
                        0,
                        Enumerable.Range(0, width).Sum(k => x[(i / Units * width) + k] * weights[(i % Units * (Below + Above)) + k])
                    )
                ),
        ];

    private static double[] Concatenated(Iterated run)
    {
        double[] below = Read(run.BelowRows),
            above = Read(run.AboveRows);
        return
        [
            .. Enumerable
                .Range(0, 2 * Batch)
                .SelectMany(row => below.Skip(row % Batch * Below).Take(Below).Concat(above.Skip(row * Above).Take(Above))),
        ];
    }

    private static double Dot(double[] x, double[] weights, int row, int unit) =>
        Enumerable.Range(0, Below + Above).Sum(k => x[(row * (Below + Above)) + k] * weights[(unit * (Below + Above)) + k]);

    /// <summary>A layer after a rise of pictures without labels and one iteration with them.</summary>
    private sealed class Iterated : IDisposable
    {
        private readonly HostState _risen = new(2 * Batch, Units);

        public Iterated(Precision precision, double dropout = 0)
        {
            var spec = new ExperimentSpec
            {
                Precision = precision,
                BatchSize = Batch,
                TopDown = new TopDownSpec { Iterations = 5, Kept = Kept },
                Goodness = new GoodnessSpec { ThresholdPerUnit = 0.5 },
                PeerNormalization = new PeerNormalizationSpec { Strength = 0 },
                Optimizer = new OptimizerSpec { Momentum = 0 },
                Regularization = new RegularizationSpec { Dropout = dropout },
            };
            Layer = new FFLayer(LayerOptionsOf.Layer(spec, 0, new LayerShape(Below, Above, Units), 2 * Batch));
            Weights = Read(Layer.State)["weights"];
            BelowRows = RandomRows.Make(Batch, Below, precision, 1);
            AboveRows = RandomRows.Make(2 * Batch, Above, precision, 2);
            long? drawn = dropout > 0 ? 1 : null;
            Layer.Iterate(BelowRows, null, null, _risen, Risen, drawn).Dispose();
            Output = Layer.Iterate(BelowRows, AboveRows, _risen, After, Learned, drawn);
        }

        public FFLayer Layer { get; }

        public double[] Weights { get; }

        public Activations BelowRows { get; }

        public Activations AboveRows { get; }

        public Activations Output { get; }

        public HostState After { get; } = new(2 * Batch, Units);

        public void Dispose()
        {
            Layer.Dispose();
            BelowRows.Dispose();
            AboveRows.Dispose();
            Output.Dispose();
            After.Dispose();
            _risen.Dispose();
        }
    }
}
