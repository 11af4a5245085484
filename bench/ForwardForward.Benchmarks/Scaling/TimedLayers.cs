using System.Diagnostics;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Layers;

namespace ForwardForward.Benchmarks.Scaling;

/// <summary>
/// Layers of one silo that take their time instead of computing: each slot as long as it is told, one after the other, as on one core. What
/// parts of a layer tell each other they do tell.
/// </summary>
/// <param name="cost">Of a slot in a layer of so many multiplications.</param>
internal sealed class TimedLayers(TimeSpan cost, double multiplications) : ILayerFactory
{
    // of a timer; a silo that waited longer than that had nothing to do
    private static readonly TimeSpan Oversleeping = TimeSpan.FromMilliseconds(3);
    private readonly Lock _turns = new();
    private long _free = Stopwatch.GetTimestamp();

    public LayerSlotHandler Of(ExperimentSpec spec, int index, int pixels, SlotPlan plan, IAllReduce? others)
    {
        var part = plan.Stages.Parts[index];
        var shape = LayerShapes.Of(spec, part, pixels, plan.Classes);
        var network = plan.Recipe.Network;
        var width = spec.Convolutions.Count > 0 ? network.Widths(pixels, plan.Classes)[index].Width : shape.Units;
        var own = cost * (network.Costs(pixels, plan.Classes)[index] / multiplications);
        return new(spec, part, new TimedLayer(this, spec, part.Layer, shape, width, own, others), plan);
    }

    private void Work(TimeSpan work)
    {
        TimeSpan left;
        lock (_turns)
        {
            var now = Stopwatch.GetTimestamp();
            _free = (Stopwatch.GetElapsedTime(_free, now) < Oversleeping ? _free : now) + (long)(work.TotalSeconds * Stopwatch.Frequency);
            left = Stopwatch.GetElapsedTime(now, _free);
        }

        if (left > TimeSpan.Zero)
        {
            Thread.Sleep(left);
        }
    }

    private sealed class TimedLayer(
        TimedLayers silo,
        ExperimentSpec spec,
        int index,
        LayerShape shape,
        int width,
        TimeSpan cost,
        IAllReduce? others
    ) : ILayer
    {
        public int Index => index;

        public ReadOnlySpan<float> LastGoodness => new float[Math.Max(3 * spec.BatchSize, 300)];

        public IEnumerable<(string Name, Matrix Value)> State => [];

        public Activations Forward(Activations input, long? trainingSlot = null)
        {
            silo.Work(cost);
            if (shape.Parts > 1)
            {
                others!.Sum(new float[input.Rows]);
            }

            var rows = Activations.Rent(input.Rows, width, spec.Precision);
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
