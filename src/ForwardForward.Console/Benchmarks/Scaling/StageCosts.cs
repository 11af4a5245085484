using System.Diagnostics;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Benchmarks.Scaling;

/// <summary>Seconds that a training slot takes in each layer, on one thread.</summary>
internal static class StageCosts
{
    private const int Steps = 30;

    /// <param name="spec">Its precision must be resolved.</param>
    /// <param name="pixels">Width of the pictures.</param>
    /// <returns>From the bottom up, the median of the steps.</returns>
    public static IReadOnlyList<double> Measure(ExperimentSpec spec, int pixels)
    {
        var layout = new RowLayout(spec.BatchSize, spec.BatchSize, spec.BatchSize, 0);
        var layers = LayerShape.All(spec, pixels, 10).Select((shape, i) => new FFLayer(spec, i, shape, layout.Total)).ToList();
        var times = layers.Select(_ => new List<double>()).ToList();
        for (var step = 1; step <= Steps; step++)
        {
            var rows = BenchRows.Make(layout.Total, pixels, spec.Precision);
            foreach (var (layer, i) in layers.Select((layer, i) => (layer, i)))
            {
                var started = Stopwatch.GetTimestamp();
                var above = layer.Forward(rows);
                layer.Learn(layout, 1, step);
                times[i].Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                rows.Dispose();
                rows = above;
            }

            rows.Dispose();
        }

        layers.ForEach(layer => layer.Dispose());
        return [.. times.Select(one => one.Order().ElementAt(one.Count / 2))];
    }
}
