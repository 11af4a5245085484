using ForwardForward.Learning.Backpropagation;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Benchmarks.Memory;

/// <summary>What a step of one batch needs besides weights and moments: rows, activity, gradients.</summary>
/// <param name="Algorithm">forwardForward or backpropagation.</param>
/// <param name="Depth">Hidden layers.</param>
/// <param name="PeakActivationBytes">Of all layers together, in one process.</param>
/// <param name="PeakStageBytes">Of what has to be in one place: a layer, or the whole network.</param>
public sealed record StepMemory(string Algorithm, int Depth, long PeakActivationBytes, long PeakStageBytes);

/// <summary>
/// Measures, for networks of the same width and growing depth, the memory that the heap holds where a step needs most, less what it holds
/// of weights and moments: with a layer's rows and those above it, and with all activity and all gradients of a network. Both learn from
/// 100 images a batch in fp32; Forward-Forward as the supervised recipe has it, with positive, negative and neutral rows.
/// </summary>
public sealed class MemoryBenchmark(int width, Action<string> report)
{
    public const string ForwardForward = "forwardForward";
    public const string Backpropagation = "backpropagation";
    private const int Pixels = 784;
    private const int Classes = 10;
    private const int Batch = 100;
    private const int Steps = 2; // the first makes moments and buffers
    private const int Agreeing = 3; // measurements one after the other
    private const double SameShare = 0.01;
    private const int MostTries = 30;
    private static readonly RowLayout Layout = new(Batch, Batch, Batch, 0);

    public IReadOnlyList<StepMemory> Run(IReadOnlyList<int> depths)
    {
        Measure(1, Layers); // what the library keeps for itself it takes now
        Measure(1, Network);
        var measured = new List<StepMemory>();
        foreach (var depth in depths)
        {
            var (forward, backward) = (Measure(depth, Layers), Measure(depth, Network));
            measured.Add(new StepMemory(ForwardForward, depth, forward, forward / depth));
            measured.Add(new StepMemory(Backpropagation, depth, backward, backward));
            report($"depth {depth} is measured");
        }

        return measured;
    }

    /// <summary>Measures until it gets the same again and again: the runtime compiles on the same heap, megabytes at a time.</summary>
    private long Measure(int depth, Func<ExperimentSpec, HeapPeak, long> learn)
    {
        var spec = new ExperimentSpec
        {
            Layers = [.. Enumerable.Repeat(width, depth)],
            BatchSize = Batch,
            Precision = Precision.Fp32,
        };
        var measured = new List<long>();
        do
        {
            var peak = new HeapPeak();
            var kept = learn(spec, peak);
            measured.Add(peak.Bytes - kept);
        } while (!Agree([.. measured.TakeLast(Agreeing)]) && measured.Count < MostTries);

        return measured.TakeLast(Agreeing).Min();
    }

    private static bool Agree(IReadOnlyCollection<long> measured) =>
        measured.Count == Agreeing && measured.Max() - measured.Min() <= SameShare * measured.Max();

    /// <returns>Bytes of weights and moments.</returns>
    private static long Layers(ExperimentSpec spec, HeapPeak peak)
    {
        var layers = spec
            .Layers.Select(
                (units, i) =>
                    new FFLayer(LayerOptionsOf.Layer(spec, i, new LayerShape(i == 0 ? Pixels : spec.Layers[i - 1], 0, units), Layout.Total))
            )
            .ToList();
        for (var step = 1; step <= Steps; step++)
        {
            var rows = BenchRows.Make(Layout.Total, Pixels, spec.Precision);
            foreach (var layer in layers)
            {
                var above = layer.Forward(rows);
                layer.Learn(Layout, 1, step);
                peak.Look();
                rows.Dispose();
                rows = above;
            }

            rows.Dispose();
        }

        var kept = layers.Sum(layer => Bytes(layer.State));
        layers.ForEach(layer => layer.Dispose());
        return kept;
    }

    /// <inheritdoc cref="Layers"/>
    private static long Network(ExperimentSpec spec, HeapPeak peak)
    {
        using var network = new BackpropagationNetwork(
            spec with
            {
                Backpropagation = new BackpropagationSpec { Network = NetworkKind.Perceptron },
            },
            Pixels,
            Classes
        )
        {
            GradientsAreThere = peak.Look,
        };
        var labels = Enumerable.Range(0, Batch).Select(i => (byte)(i % Classes)).ToArray();
        for (var step = 1; step <= Steps; step++)
        {
            using var rows = BenchRows.Make(Batch, Pixels, spec.Precision);
            network.Forward(rows, step).Dispose();
            network.Learn(new RowLayout(0, 0, Batch, 0), labels, 1, step);
        }

        return Bytes(network.State);
    }

    private static long Bytes(IEnumerable<(string Name, Matrix Value)> state) =>
        state.Sum(tensor => (long)tensor.Value.Rows * tensor.Value.Columns * sizeof(float));
}
