using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class ReceptiveFieldTests
{
    private const int Batch = 5;

    // 3 x 3 squares of 4 x 4 pixels, 2 apart, then 2 x 2 squares of as many places.
    private static readonly ExperimentSpec Spec = new()
    {
        Layers = [27, 20],
        Local = new LocalSpec
        {
            Grid = [3, 2],
            Size = 4,
            Stride = 2,
        },
        BatchSize = Batch,
        Precision = Precision.Fp32,
        Goodness = new GoodnessSpec { ThresholdPerUnit = 0.5 },
        PeerNormalization = new PeerNormalizationSpec { Strength = 0 },
        Optimizer = new OptimizerSpec { Momentum = 0 },
    };

    [Fact]
    public void The_first_layer_sees_squares_of_pixels_and_the_next_all_channels_of_squares_of_places()
    {
        var (first, second) = (ReceptiveField.Of(Spec.Local, Spec.Layers, 0)!, ReceptiveField.Of(Spec.Local, Spec.Layers, 1)!);

        Assert.Equal((9, 16, 4, 12), (first.Places.Count, first.Inputs, second.Places.Count, second.Inputs));
        Assert.Equal([(0, 4), (8, 4), (16, 4), (24, 4)], first.Places[0]);
        Assert.Equal([(36, 4), (44, 4), (52, 4), (60, 4)], first.Places[8]); // the last pixel of 8 x 8 is seen
        Assert.Equal([(0, 6), (9, 6)], second.Places[0]); // places 0, 1 and 3, 4, three channels each
        Assert.Equal([(12, 6), (21, 6)], second.Places[3]);
    }

    [Fact]
    public void The_published_network_has_the_published_fields()
    {
        var spec = Presets.Get("unsupervised-local");
        Assert.Equal(
            [(16, 100), (9, 512), (4, 880)],
            Enumerable
                .Range(0, 3)
                .Select(i =>
                    (ReceptiveField.Of(spec.Local, spec.Layers, i)!.Places.Count, ReceptiveField.Of(spec.Local, spec.Layers, i)!.Inputs)
                )
        );
        Assert.Equal([128, 220, 512], spec.Layers.Zip(spec.Local.Grid, (units, side) => units / (side * side)));
        Assert.Equal((28, 28), (spec.Local.Height, spec.Local.Width));
    }

    [Theory]
    [InlineData(0, 64)]
    [InlineData(1, 27)]
    public void Units_multiply_and_learn_what_they_see_and_nothing_else(int index, int width)
    {
        using var layer = new FFLayer(LayerOptionsOf.Layer(Spec, index, LayerShapes.Of(Spec, index, 64, 4), 2 * Batch));
        using var x = RandomRows.Make(2 * Batch, width, Precision.Fp32);
        var (rows, weights, field) = (Read(x), Read(layer.State)["weights"], layer.Shape.Field!);
        var channels = layer.Units / field.Places.Count;
        double[] Seen(int row, int unit) =>
            [.. field.Places[unit / channels].SelectMany(run => rows.Skip((row * width) + run.First).Take(run.Count))];
        double Activity(int row, int unit) =>
            Math.Max(0, Seen(row, unit).Zip(weights.Skip(unit * field.Inputs)).Sum(pair => pair.First * pair.Second));
        var y = Enumerable
            .Range(0, 2 * Batch)
            .Select(row => Enumerable.Range(0, layer.Units).Select(unit => Activity(row, unit)).ToArray())
            .ToArray();
        var goodness = y.Select(row => row.Sum(value => value * value)).ToArray();

        using var sent = layer.Forward(x);
        layer.Learn(new RowLayout(Batch, Batch, 0, 0), 1, 1);

        AssertNear(goodness, Doubles(layer.LastGoodness[..(2 * Batch)]), 1e-5, "goodness");
        AssertNear(
            [.. y.SelectMany((row, i) => row.Select(value => value / Math.Sqrt(goodness[i] / layer.Units)))],
            Read(sent),
            1e-5,
            "what is sent"
        );
        double Pull(int row) => (row < Batch ? 1 : 0) - (1 / (1 + Math.Exp((0.5 * layer.Units) - goodness[row])));
        var gradient = Enumerable
            .Range(0, layer.Units)
            .SelectMany(unit =>
                Enumerable
                    .Range(0, field.Inputs)
                    .Select(k => Enumerable.Range(0, 2 * Batch).Sum(row => Pull(row) * y[row][unit] * Seen(row, unit)[k]) / Batch)
            );
        AssertNear([.. gradient], Read(layer.State)["weights.average"], 1e-5, "gradient of the weights");
    }

    public static TheoryData<ExperimentSpec, string> Unfit =>
        new()
        {
            { Spec with { Layers = [27] }, "local.grid, local.rows: 2 and 0 for 1 layers; expected one each, or no rows." },
            {
                Spec with
                {
                    Layers = [27, 21],
                },
                "local.grid[1]: 2 by 2 places for 21 units; expected no more either way than below, and as many units at every place."
            },
            {
                Spec with
                {
                    Local = Spec.Local with { Grid = [3, 4] },
                },
                "local.grid[1]: 4 by 4 places for 20 units; expected no more either way than below, and as many units at every place."
            },
            {
                Spec with
                {
                    Local = Spec.Local with { Size = 5 },
                },
                "local: squares of 5 pixels a side, 2 apart, cover pictures of 9 by 9 pixels, and these have 64 pixels; "
                    + "expected squares that cover the pictures."
            },
            {
                Spec with
                {
                    PermutePixels = true,
                },
                "local.grid: layers that see neighbourhoods are built without backpropagation and with pixels in their places; "
                    + "expected an empty list with these."
            },
        };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void Squares_that_do_not_fit_are_refused_with_the_field(ExperimentSpec spec, string sentence) =>
        Assert.Equal(
            sentence,
            Assert.Throws<InvalidInputException>(() => SlotSize.Require(spec, new SlotPlan(spec, 10_000, 100, 4), 64)).Message
        );
}
