using System.Diagnostics;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Layers;

namespace ForwardForward.Benchmarks.Scaling;

/// <summary>
/// Layers that take their time instead of computing: each slot as long as it is told. What parts of a layer tell each other they do tell.
/// </summary>
/// <param name="cost">Of a slot in a layer of so many weights.</param>
internal sealed class TimedLayers(TimeSpan cost, int weights) : ILayerFactory
{
    /// <summary>Of a slot in a stage.</summary>
    public TimeSpan Cost(LayerShape shape) => cost * ((double)shape.Units * shape.Inputs / weights / shape.Replicas);

    public LayerSlotHandler Of(ExperimentSpec spec, int index, int pixels, SlotPlan plan, IAllReduce? others)
    {
        var part = plan.Stages.Parts[index];
        var shape = LayerShapes.Of(spec, part, pixels, plan.Classes);
        return new(spec, part, new TimedLayer(spec, part.Layer, shape, Cost(shape), others), plan);
    }

    private sealed class TimedLayer(ExperimentSpec spec, int index, LayerShape shape, TimeSpan cost, IAllReduce? others) : ILayer
    {
        // of a timer; a stage that waited longer than that had nothing to do
        private static readonly TimeSpan Oversleeping = TimeSpan.FromMilliseconds(3);
        private readonly long _cost = (long)(cost.TotalSeconds * Stopwatch.Frequency);
        private long _free = Stopwatch.GetTimestamp();

        public int Index => index;

        public ReadOnlySpan<float> LastGoodness => new float[Math.Max(3 * spec.BatchSize, 300)];

        public IEnumerable<(string Name, Matrix Value)> State => [];

        public Activations Forward(Activations input, long? trainingSlot = null)
        {
            var now = Stopwatch.GetTimestamp();
            _free = (Stopwatch.GetElapsedTime(_free, now) < Oversleeping ? _free : now) + _cost;
            if (Stopwatch.GetElapsedTime(now, _free) is { Ticks: > 0 } left)
            {
                Thread.Sleep(left);
            }

            if (shape.Parts > 1)
            {
                others!.Sum(new float[input.Rows]);
            }

            var rows = Activations.Rent(input.Rows, shape.Units, spec.Precision);
            rows.Bytes.Clear();
            return rows;
        }

        public LayerStep Learn(RowLayout layout, ReadOnlySpan<byte> labels, double rateFactor, long update)
        {
            if (shape.Replicas > 1)
            {
                others!.Sum(new float[shape.Units * shape.Inputs]);
            }

            return default;
        }

        public void Restore(IReadOnlyList<StateTensor> state)
        {
            // There is none.
        }

        public void Dispose()
        {
            // There is nothing.
        }
    }
}
