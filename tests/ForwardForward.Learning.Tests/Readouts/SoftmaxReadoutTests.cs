using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Layers;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Readouts;

public sealed class SoftmaxReadoutTests
{
    private const int Classes = 5;
    private const int Rows = 7;
    private static readonly int[] Widths = [6, 19];
    private static readonly byte[] Labels = [0, 1, 2, 3, 4, 0, 3];

    private static readonly ExperimentSpec Spec = new()
    {
        Precision = Precision.Fp32,
        Readout = new ReadoutSpec { LearningRate = 0.5, WeightDecay = 0.2 },
        Optimizer = new OptimizerSpec { Momentum = 0.6 },
    };

    [Fact]
    public void Weights_from_0_hold_every_class_equally_likely()
    {
        using var readout = new SoftmaxReadout(Spec.Readout, Spec.Optimizer.Momentum, Whole(Widths), Classes, Rows);
        Load(readout, Precision.Fp32, key: 0);

        Assert.Equal(["weights", "weights.average"], readout.State.Select(s => s.Name));
        Assert.All(readout.State.SelectMany(s => Read(s.Value)), value => Assert.Equal(0, value));
        Assert.All(readout.Classify(Rows).ToArray(), p => Assert.Equal(1f / Classes, p));
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Probabilities_and_steps_match_plain_loops_in_float64(Precision precision)
    {
        using var readout = new SoftmaxReadout(Spec.Readout, Spec.Optimizer.Momentum, Whole(Widths), Classes, Rows);
        var reference = new ReferenceReadout(Spec, Classes, Widths.Sum());
        for (var step = 1; step <= 4; step++)
        {
            var features = Load(readout, precision, step);
            AssertNear(reference.Classify(features), Doubles(readout.Classify(Rows)), 1e-5, $"probabilities of step {step}");
            readout.Learn(Labels, 0.7);
            reference.Learn(Labels, 0.7);

            var state = Read(readout.State);
            AssertNear(reference.Weights, state["weights"], 1e-5, $"weights after step {step}");
            AssertNear(reference.Average, state["weights.average"], 1e-5, $"average after step {step}");
        }
    }

    [Fact]
    public void Fewer_rows_than_the_most_are_classified_alone()
    {
        using var readout = new SoftmaxReadout(Spec.Readout, Spec.Optimizer.Momentum, Whole(Widths), Classes, Rows);
        Load(readout, Precision.Fp32, key: 0);
        readout.Classify(Rows);
        readout.Learn(Labels, 1);
        var all = readout.Classify(Rows).ToArray();
        var some = readout.Classify(3).ToArray();

        AssertNear(Doubles(all.AsSpan(0, 3 * Classes)), Doubles(some), 1e-6, "the first three rows");
    }

    [Fact]
    public void Logits_too_large_for_an_exponential_give_certainty()
    {
        using var readout = new SoftmaxReadout(Spec.Readout, Spec.Optimizer.Momentum, Whole(1), 3, 1);
        var weights = readout.State.Single(s => s.Name == "weights").Value;
        weights.Row<float>(1)[0] = 1000;
        using var row = Activations.Rent(1, 1, Precision.Bf16);
        Rounding.ToBf16([1], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(row.Bytes));
        readout.Load(0, row);

        Assert.Equal([0f, 1, 0], readout.Classify(1).ToArray());
    }

    [Fact]
    public void Many_wide_rows_are_read_from_where_they_are()
    {
        const int Wide = 600,
            Units = 2000; // rows x bytes of all rows is beyond 32 bits
        using var readout = new SoftmaxReadout(Spec.Readout, Spec.Optimizer.Momentum, Whole(Units), 2, Wide);
        readout.State.First().Value.Row<float>(1).Fill(1);
        using var rows = Activations.Rent(Wide, Units, Precision.Fp32);
        var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(rows.Bytes);
        values.Clear();
        values[^1] = 1000;
        readout.Load(0, rows);

        Assert.Equal([0.5f, 0.5f, 0, 1], readout.Classify(Wide)[^4..].ToArray());
    }

    /// <returns>The features of both layers side by side, row after row.</returns>
    private static double[] Load(SoftmaxReadout readout, Precision precision, int key)
    {
        var parts = Widths
            .Select(
                (width, feature) =>
                {
                    using var rows = RandomRows.Make(Rows, width, precision, (10 * key) + feature);
                    readout.Load(feature, rows);
                    return Read(rows);
                }
            )
            .ToList();
        return [.. Enumerable.Range(0, Rows).SelectMany(row => parts.SelectMany((part, i) => part.Skip(row * Widths[i]).Take(Widths[i])))];
    }

    [Fact]
    public void Sees_the_units_of_one_place_alone_where_it_is_told_to()
    {
        var spec = new ExperimentSpec
        {
            Layers = [12, 7],
            Local = new LocalSpec
            {
                Grid = [3, 1],
                Rows = [1, 1],
                Size = 2,
                Stride = 2,
            },
            Readout = new ReadoutSpec
            {
                FirstLayer = 1,
                LastLayer = 1,
                Place = 2,
            },
        };
        using var readout = Recipe.Of(spec).Network.Classifier(9, 3, 2);
        using Activations rows = RandomRows.Make(2, 12, Precision.Fp32, 1),
            others = RandomRows.Make(2, 12, Precision.Fp32, 2),
            middle = RandomRows.Make(2, 12, Precision.Fp32, 2);
        rows.Bytes.Slice(16, 16).CopyTo(middle.Bytes.Slice(16, 16));
        rows.Bytes.Slice(64, 16).CopyTo(middle.Bytes.Slice(64, 16));
        for (var step = 0; step < 5; step++)
        {
            readout.Load(0, rows);
            readout.Classify(2);
            readout.Learn([0, 2], 1);
        }

        float[] Read(Activations seen)
        {
            readout.Load(0, seen);
            return readout.Classify(2).ToArray();
        }

        Assert.Equal(Read(rows), Read(middle));
        Assert.NotEqual(Read(rows), Read(others));
        Assert.Equal(
            "readout.place: layer 1 has 3 places; expected at most as many.",
            Assert
                .Throws<InvalidInputException>(() =>
                    Recipe.Of(spec with { Readout = spec.Readout with { Place = 4 } }).Network.Classifier(9, 3, 2)
                )
                .Message
        );
    }

    private static IReadOnlyList<ReadoutInput> Whole(params int[] widths) =>
        [.. widths.Select((units, i) => new ReadoutInput(i, 0, units))];
}
