using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class FFLayerTests
{
    private const int Batch = 7;
    private const int Neutral = 5;
    private const int Rows = (2 * Batch) + Neutral;
    private const int Steps = 3;

    // Sixteen bits for every unit, in the order in which they are drawn.
    private static bool[] LeftOut(ExperimentSpec spec, int layer, long row, int units)
    {
        var random = new KeyedRandom(spec.Seed, RandomPurpose.Dropout, layer, row);
        var words = Enumerable.Range(0, ((units + 15) / 16) * 4).Select(_ => random.NextUInt64()).ToArray();
        return
        [
            .. Enumerable
                .Range(0, units)
                .Select(unit => ((words[unit / 4] >> (16 * (unit % 4))) & 0xFFFF) < Math.Round(spec.Regularization.Dropout * 65536)),
        ];
    }

    // Widths around the 16 lanes of a pass, the 256 units of a gradient panel, the 512 columns of a piece and the 1000 units of a forward
    // panel.
    public static TheoryData<Precision, string, int, int> Cases()
    {
        var cases = new TheoryData<Precision, string, int, int>();
        foreach (var precision in new[] { Precision.Fp32, Precision.Bf16 })
        {
            foreach (var optimizer in new[] { OptimizerKind.AveragedGradient, OptimizerKind.Adam })
            {
                cases.Add(precision, optimizer, 32, 48);
                cases.Add(precision, optimizer, 19, 37);
                cases.Add(precision, optimizer, 5, 3);
                cases.Add(precision, optimizer, 17, 521);
                cases.Add(precision, optimizer, 21, 2005);
            }
        }

        cases.Add(Precision.Portable, OptimizerKind.AveragedGradient, 32, 48);
        cases.Add(Precision.Portable, OptimizerKind.AveragedGradient, 17, 521);

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_match_plain_loops_in_float64_tensor_by_tensor(Precision precision, string optimizer, int inputs, int units)
    {
        var spec = Spec(precision, optimizer);
        using var layer = new FFLayer(LayerOptionsOf.Layer(spec, 0, new LayerShape(inputs, 0, units), Rows));
        var reference = new ReferenceLayer(spec, Read(layer.State)["weights"], inputs, units);
        var layout = new RowLayout(Batch, Batch, Neutral, 0);
        for (var update = 1; update <= Steps; update++)
        {
            using var x = RandomRows.Make(Rows, inputs, precision, update);
            using var output = layer.Forward(x);
            var (expected, share) = (reference.Forward(Read(x)), Share(precision));
            AssertNear(expected, Read(output), share, $"output of step {update}");
            AssertNear(reference.Goodness, Doubles(layer.LastGoodness), share, $"goodness of step {update}");

            var measured = layer.Learn(layout, 0.75, update);
            reference.Learn(Batch, 0.75, update);
            AssertNear(Values(reference.Measured), Values(measured), share, $"measurement of step {update}");
            AssertState(reference, Read(layer.State), optimizer, share, update);
        }
    }

    // A hard logistic: some rows are so far on their side that they have no pull, or all of them.
    [Theory]
    [InlineData(Precision.Fp32, 0.5, 0.05, 0.3)]
    [InlineData(Precision.Bf16, 0.5, 0.05, 0.3)]
    [InlineData(Precision.Portable, 0, 0.001, 0.3)]
    [InlineData(Precision.Fp32, 0.5, 0.05, 0)]
    [InlineData(Precision.Fp32, 0, 0.001, 0.3)]
    [InlineData(Precision.Bf16, 1000, 0.001, 0)]
    public void Rows_without_a_pull_teach_nothing_but_the_pull_of_the_peers(
        Precision precision,
        double threshold,
        double temperature,
        double peers
    )
    {
        var spec = Spec(precision) with
        {
            Goodness = new GoodnessSpec { ThresholdPerUnit = threshold, Temperature = temperature },
            PeerNormalization = new PeerNormalizationSpec { Strength = peers },
        };
        using var layer = new FFLayer(LayerOptionsOf.Layer(spec, 0, new LayerShape(19, 0, 37), Rows));
        var reference = new ReferenceLayer(spec, Read(layer.State)["weights"], 19, 37);
        for (var update = 1; update <= Steps; update++)
        {
            using var x = RandomRows.Make(Rows, 19, precision, update);
            layer.Forward(x).Dispose();
            reference.Forward(Read(x));
            layer.Learn(new RowLayout(Batch, Batch, Neutral, 0), 0.75, update);
            reference.Learn(Batch, 0.75, update);
            AssertState(reference, Read(layer.State), OptimizerKind.AveragedGradient, Share(precision), update);
        }
    }

    [Theory]
    [InlineData(Precision.Fp32, 37)]
    [InlineData(Precision.Fp32, 521)]
    [InlineData(Precision.Bf16, 37)]
    [InlineData(Precision.Bf16, 521)]
    [InlineData(Precision.Portable, 521)]
    public void Units_that_a_training_slot_leaves_out_say_and_learn_nothing_there(Precision precision, int units)
    {
        const int Inputs = 19,
            LayerIndex = 2;
        var spec = Spec(precision) with { Regularization = new RegularizationSpec { Dropout = 0.25 } };
        using var layer = new FFLayer(LayerOptionsOf.Layer(spec, LayerIndex, new LayerShape(Inputs, 0, units), Rows));
        var reference = new ReferenceLayer(spec, Read(layer.State)["weights"], Inputs, units);
        for (var update = 1; update <= Steps; update++)
        {
            var slot = 1000L + update;
            var left = Enumerable.Range(0, Rows).Select(row => LeftOut(spec, LayerIndex, (slot * Rows) + row, units)).ToArray();
            using var x = RandomRows.Make(Rows, Inputs, precision, update);
            using var output = layer.Forward(x, slot);

            AssertNear(
                reference.Forward(Read(x), (row, unit) => left[row][unit]),
                Read(output),
                Share(precision),
                $"output of step {update}"
            );
            AssertNear(reference.Goodness, Doubles(layer.LastGoodness), Share(precision), $"goodness of step {update}");
            Assert.InRange(left.Average(row => row.Average(isOut => isOut ? 1.0 : 0)), 0.15, 0.35);

            layer.Learn(new RowLayout(Batch, Batch, Neutral, 0), 0.75, update);
            reference.Learn(Batch, 0.75, update);
            AssertState(reference, Read(layer.State), OptimizerKind.AveragedGradient, Share(precision), update);
        }
    }

    [Fact]
    public void A_test_leaves_no_unit_out()
    {
        using var with = new FFLayer(
            LayerOptionsOf.Layer(
                Spec(Precision.Fp32) with
                {
                    Regularization = new RegularizationSpec { Dropout = 0.5 },
                },
                0,
                new LayerShape(19, 0, 37),
                Rows
            )
        );
        using var without = new FFLayer(LayerOptionsOf.Layer(Spec(Precision.Fp32), 0, new LayerShape(19, 0, 37), Rows));
        using var x = RandomRows.Make(Rows, 19, Precision.Fp32, 1);
        using var one = with.Forward(x);
        using var other = without.Forward(x);

        Assert.True(one.Bytes.SequenceEqual(other.Bytes));
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Weights_start_as_normals_divided_by_the_root_of_the_inputs_and_the_rest_at_its_start(Precision precision)
    {
        using var layer = new FFLayer(LayerOptionsOf.Layer(Spec(precision), 0, new LayerShape(400, 0, 500), Rows));
        var state = Read(layer.State);

        Assert.Equal(["weights", "bias", "weights.average", "bias.average", "activity_means"], layer.State.Select(s => s.Name));
        Assert.Equal(1.0 / 400, state["weights"].Average(w => w * w), 1e-4);
        Assert.Equal(0, state["weights"].Average(), 1e-3);
        Assert.All(state["bias"].Concat(state["weights.average"]).Concat(state["bias.average"]), v => Assert.Equal(0, v));
        Assert.All(state["activity_means"], m => Assert.Equal(0.5, m));
    }

    [Fact]
    public void Another_layer_and_another_seed_start_with_other_weights()
    {
        var spec = Spec(Precision.Fp32);
        using FFLayer first = new(LayerOptionsOf.Layer(spec, 0, new LayerShape(5, 0, 3), Rows)),
            second = new(LayerOptionsOf.Layer(spec, 1, new LayerShape(5, 0, 3), Rows)),
            reseeded = new(LayerOptionsOf.Layer(spec with { Seed = 2 }, 0, new LayerShape(5, 0, 3), Rows));

        Assert.NotEqual(Read(first.State)["weights"], Read(second.State)["weights"]);
        Assert.NotEqual(Read(first.State)["weights"], Read(reseeded.State)["weights"]);
    }

    [Fact]
    public void A_row_does_not_depend_on_the_rows_beside_it()
    {
        using var layer = new FFLayer(LayerOptionsOf.Layer(Spec(Precision.Fp32), 0, new LayerShape(19, 0, 37), Rows));
        using var all = RandomRows.Make(Rows, 19, Precision.Fp32);
        using var some = all.Share(4, 6);
        using Activations fromAll = layer.Forward(all),
            expected = fromAll.Share(4, 6),
            fromSome = layer.Forward(some);

        AssertNear(Read(expected), Read(fromSome), 1e-6, "rows 4 to 9");
    }

    [Fact]
    public void A_row_without_activity_is_sent_up_as_zeros()
    {
        using var layer = new FFLayer(LayerOptionsOf.Layer(Spec(Precision.Fp32), 0, new LayerShape(19, 0, 37), Rows));
        using var dark = Activations.Rent(1, 19, Precision.Fp32);
        dark.Bytes.Clear();
        using var output = layer.Forward(dark);

        Assert.All(Read(output), v => Assert.Equal(0, v));
        Assert.Equal(0, layer.LastGoodness[0]);
    }

    [Theory]
    [InlineData(Rows, 18, Precision.Fp32)]
    [InlineData(Rows, 19, Precision.Bf16)]
    [InlineData(Rows + 1, 19, Precision.Fp32)]
    public void Refuses_rows_that_do_not_fit(int rows, int width, Precision precision)
    {
        using var layer = new FFLayer(LayerOptionsOf.Layer(Spec(Precision.Fp32), 1, new LayerShape(19, 0, 37), Rows));
        using var x = RandomRows.Make(rows, width, precision);

        var message = Assert.Throws<ArgumentException>(() => layer.Forward(x)).Message;
        Assert.StartsWith(
            $"Layer 2 takes at most {Rows} rows of 19 in Fp32, not {rows} rows of {width} in {precision}.",
            message,
            StringComparison.Ordinal
        );
    }

    private static void AssertState(
        ReferenceLayer reference,
        Dictionary<string, double[]> state,
        string optimizer,
        double share,
        int update
    )
    {
        var first = optimizer == OptimizerKind.Adam ? "first_moment" : "average";
        var moved = optimizer == OptimizerKind.Adam ? Math.Max(share, 1e-4) : share; // Adam divides small numbers by small numbers
        AssertNear(reference.Weights, state["weights"], moved, $"weights after step {update}");
        AssertNear(reference.Bias, state["bias"], moved, $"bias after step {update}");
        AssertNear(reference.WeightMoments.First, state[$"weights.{first}"], share, $"weights.{first} after step {update}");
        AssertNear(reference.BiasMoments.First, state[$"bias.{first}"], share, $"bias.{first} after step {update}");
        AssertNear(reference.Means, state["activity_means"], share, $"activity_means after step {update}");
        if (optimizer == OptimizerKind.Adam)
        {
            share *= 2; // 1 - 0.999 alone is off by 1.3e-5 in fp32
            AssertNear(reference.WeightMoments.Second, state["weights.second_moment"], share, $"weights.second_moment after step {update}");
            AssertNear(reference.BiasMoments.Second, state["bias.second_moment"], share, $"bias.second_moment after step {update}");
        }
    }

    // 8 significant bits in bf16: a value on the edge of two falls either way, and that is 0.4 %.
    private static double Share(Precision precision) =>
        precision switch
        {
            Precision.Portable => 2e-2, // what is handed on is in sixteenths
            Precision.Bf16 => 8e-3,
            _ => 1e-5,
        };

    private static double[] Values(LayerStep step) => [step.GoodnessPositive, step.GoodnessNegative, step.Loss];

    // Every term is large enough to be seen: decay, peers, a soft logistic near its threshold.
    private static ExperimentSpec Spec(Precision precision, string optimizer = OptimizerKind.AveragedGradient) =>
        new()
        {
            Precision = precision,
            BatchSize = Batch,
            Goodness = new GoodnessSpec { ThresholdPerUnit = 0.5, Temperature = 6 },
            PeerNormalization = new PeerNormalizationSpec { Strength = 0.3 },
            Optimizer = new OptimizerSpec
            {
                Kind = optimizer,
                LearningRate = optimizer == OptimizerKind.Adam ? 0.02 : 0.2,
                WeightDecay = 0.5,
            },
        };
}
