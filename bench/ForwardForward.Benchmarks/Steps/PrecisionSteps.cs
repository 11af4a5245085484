using System.Diagnostics;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Benchmarks.Steps;

/// <summary>A step of one layer in each of its precisions: lower quartiles of turns, on one thread.</summary>
/// <param name="Layer">Counted from 1.</param>
/// <param name="Shape">What it makes of what.</param>
/// <param name="Milliseconds">Of a batch: forward and learning, by precision.</param>
internal sealed record PrecisionStep(int Layer, string Shape, IReadOnlyDictionary<Precision, double> Milliseconds)
{
    /// <summary>Speed of portable precision over that of another; null where the layer is not computed in that.</summary>
    public double? Over(Precision other) =>
        Milliseconds.TryGetValue(other, out var time) ? time / Milliseconds[Precision.Portable] : null;
}

/// <summary>The layers of a network alone, in each precision that they have, in turns in one process.</summary>
/// <param name="pixels">Numbers of a picture.</param>
internal sealed class PrecisionSteps(ExperimentSpec spec, int pixels, int classes, int turns, Action<string> report)
{
    private const int Warm = 2; // turns that do not count

    public IReadOnlyList<PrecisionStep> Run() =>
        spec.Convolutions.Count > 0
            ? [.. ConvolutionShape.All(spec, pixels, classes).Select(Convolution)]
            : [.. LayerShapes.All(spec, pixels, classes).Select(Dense)];

    private PrecisionStep Dense(LayerShape shape, int index)
    {
        var layout = new RowLayout(spec.BatchSize, spec.BatchSize, spec.BatchSize, 0);
        return Measure(
            index,
            $"{shape.Below} x {shape.Units}",
            [Precision.Fp32, Precision.Bf16, Precision.Portable],
            precision =>
            {
                var rows = Rows(layout.Total, shape.Below, precision);
                var layer = new FFLayer(LayerOptionsOf.Layer(spec with { Precision = precision }, index, shape, layout.Total));
                return (
                    update =>
                    {
                        layer.Forward(rows).Dispose();
                        layer.Learn(layout, 1, update);
                    },
                    [layer, rows]
                );
            }
        );
    }

    private PrecisionStep Convolution(ConvolutionShape shape, int index)
    {
        var labels = Enumerable.Range(0, spec.BatchSize).Select(i => (byte)(i % classes)).ToArray();
        return Measure(
            index,
            $"{shape.In} to {shape.Convolved}",
            [Precision.Fp32, Precision.Portable],
            precision =>
            {
                var options = new ConvolutionOptions
                {
                    Index = index,
                    Shape = shape,
                    MaxRows = spec.BatchSize,
                    BatchSize = spec.BatchSize,
                    Optimizer = spec.Optimizer,
                    Precision = precision,
                    Contrast = spec.Goodness.Contrast > 0 ? new ContrastTemperature(spec.Goodness, 1, spec.Epochs) : null,
                };
                var rows = Rows(spec.BatchSize, shape.RowIn, options.Rows);
                var layer = new ConvolutionLayer(options);
                return (
                    update =>
                    {
                        layer.Forward(rows, update).Dispose();
                        layer.Learn(new RowLayout(0, 0, labels.Length, 0), labels, 1, update);
                    },
                    [layer, rows]
                );
            }
        );
    }

    private PrecisionStep Measure(
        int index,
        string shape,
        IReadOnlyList<Precision> precisions,
        Func<Precision, (Action<long> Step, IReadOnlyList<IDisposable> Used)> make
    )
    {
        var made = precisions.Select(make).ToList();
        var times = precisions.Select(_ => new List<double>()).ToList();
        for (var turn = 1; turn <= Warm + turns; turn++)
        {
            for (var i = 0; i < made.Count; i++)
            {
                var started = Stopwatch.GetTimestamp();
                made[i].Step(turn);
                times[i].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        foreach (var used in made.SelectMany(one => one.Used))
        {
            used.Dispose();
        }

        report($"layer {index + 1} is measured");
        return new PrecisionStep(
            index + 1,
            shape,
            precisions.Zip(times).ToDictionary(one => one.First, one => one.Second.Skip(Warm).Order().ElementAt(turns / 4))
        );
    }

    private static Activations Rows(int rows, int width, Precision precision)
    {
        using var values = BenchRows.Make(rows, width, Precision.Fp32);
        var made = Activations.Rent(rows, width, precision);
        Rounding.To(precision, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(values.Bytes), made.Bytes);
        return made;
    }
}
