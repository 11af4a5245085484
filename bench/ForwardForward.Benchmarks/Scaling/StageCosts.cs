using System.Diagnostics;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Benchmarks.Scaling;

/// <summary>
/// Seconds that a training slot takes in each stage, on one thread; what the parts of a layer tell each other is not in it.
/// </summary>
public static class StageCosts
{
    private const int Steps = 30;

    /// <param name="spec">Its precision must be resolved.</param>
    /// <param name="pixels">Width of the pictures.</param>
    /// <returns>From the bottom up, the median of the steps.</returns>
    public static IReadOnlyList<double> Measure(ExperimentSpec spec, int pixels)
    {
        var parts = StageTopology.Of(spec).Parts;
        var layers = parts
            .Select(part => new FFLayer(
                LayerOptionsOf.Layer(spec, part.Layer, LayerShapes.Of(spec, part, pixels, 10), 3 * spec.BatchSize),
                others: new Nobody()
            ))
            .ToList();
        var times = layers.Select(_ => new List<double>()).ToList();
        for (var step = 1; step <= Steps; step++)
        {
            for (var i = 0; i < layers.Count; i++)
            {
                var images = spec.BatchSize / layers[i].Shape.Replicas;
                var layout = new RowLayout(images, images, images, 0);
                using var rows = BenchRows.Make(layout.Total, layers[i].Inputs, spec.Precision);
                var started = Stopwatch.GetTimestamp();
                layers[i].Forward(rows).Dispose();
                layers[i].Learn(layout, 1, step);
                times[i].Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        layers.ForEach(layer => layer.Dispose());
        return [.. times.Select(one => one.Order().ElementAt(one.Count / 2))];
    }

    private sealed class Nobody : IAllReduce
    {
        public void Sum(Span<float> values)
        {
            // Costs nothing.
        }
    }
}
