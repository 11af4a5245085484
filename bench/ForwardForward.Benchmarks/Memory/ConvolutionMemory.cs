using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Benchmarks.Memory;

/// <summary>What a stage of a convolutional network holds in a step besides weights and moments, alone on a silo.</summary>
/// <param name="Network">Which network it is of.</param>
/// <param name="Layer">Counted from 1.</param>
/// <param name="PeakBytes">Of rows that come and go, activity, unfolded columns and gradients.</param>
public sealed record ConvolutionStageMemory(string Network, int Layer, long PeakBytes);

/// <summary>
/// Measures the heap in each stage of a convolutional network on its own, since each layer may be on a silo of its own: with the rows that
/// it gets and those that it hands on, shortcuts included.
/// </summary>
public sealed class ConvolutionMemory(Action<string> report)
{
    private const int Classes = 10;
    private const int Pixels = 28 * 28;
    private const int Tries = 3;

    /// <param name="spec">Of a convolutional network for MNIST's pictures.</param>
    public IReadOnlyList<ConvolutionStageMemory> Run(string name, ExperimentSpec spec)
    {
        var measured = new List<ConvolutionStageMemory>();
        foreach (var (shape, i) in ConvolutionShape.All(spec, Pixels, Classes).Select((shape, i) => (shape, i)))
        {
            Step(spec, shape, i); // what the library keeps for itself it takes now
            measured.Add(new ConvolutionStageMemory(name, i + 1, Enumerable.Range(0, Tries).Min(_ => Step(spec, shape, i))));
            report($"{name}, layer {i + 1} is measured");
        }

        return measured;
    }

    private static long Step(ExperimentSpec spec, ConvolutionShape shape, int index)
    {
        var peak = new HeapPeak();
        using var layer = new ConvolutionLayer(
            new ConvolutionOptions
            {
                Index = index,
                Shape = shape,
                MaxRows = spec.BatchSize,
                BatchSize = spec.BatchSize,
                Optimizer = spec.Optimizer,
                Dropout = spec.Regularization.Dropout,
            }
        );
        var labels = Enumerable.Range(0, spec.BatchSize).Select(i => (byte)(i % Classes)).ToArray();
        using var rows = BenchRows.Make(spec.BatchSize, shape.RowIn, Precision.Fp32);
        using var above = layer.Forward(rows, trainingSlot: 0);
        layer.Learn(new RowLayout(0, 0, spec.BatchSize, 0), labels, 1, 1);
        peak.Look();
        return peak.Bytes - layer.State.Sum(tensor => (long)tensor.Value.Rows * tensor.Value.Columns * sizeof(float));
    }
}
