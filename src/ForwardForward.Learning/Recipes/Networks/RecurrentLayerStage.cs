using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Messages;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.Networks;

/// <summary>
/// A layer that hears its neighbours above and below (Hinton 2022, section 3.4). A batch rises once, from below alone; then come the
/// iterations: each takes in what both neighbours were after the one before, and is learned from. Upwards goes, with the slot of an
/// iteration, what the layer was before it; downwards at once what it is after it, for the slot of the next.
/// </summary>
internal sealed class RecurrentLayerStage : LayerSlotHandler
{
    private readonly IRecurrentLayer _layer;
    private readonly SlotPlan _plan;
    private readonly bool _isTop;
    private readonly bool _isBottom;
    private readonly Dictionary<long, LayerState> _held = []; // by the slot that they are for
    private readonly Stack<LayerState> _free = [];

    public RecurrentLayerStage(ExperimentSpec spec, LayerShard part, IRecurrentLayer layer, SlotPlan plan)
        : base(spec, part, layer, plan)
    {
        (_layer, _plan) = (layer, plan);
        (_isBottom, _isTop) = (part.Layer == 0, part.Layer == spec.Layers.Count - 1);
    }

    public override LayerOutput Forward(Slot slot, Activations? above = null)
    {
        var planned = _plan[slot.Index];
        if (slot.Rows is null || slot.Layout.Going == 0 || (planned.Iteration == 0 && planned.Following < 0))
        {
            return base.Forward(slot) with { Down = Down(slot, planned, null) };
        }

        return planned.Iteration == 0 ? Rise(slot, planned) : Iterate(slot, planned, above);
    }

    public override void Dispose()
    {
        foreach (var state in _held.Values.Concat(_free))
        {
            state.Dispose();
        }

        base.Dispose();
    }

    private LayerOutput Rise(Slot slot, PlannedSlot planned)
    {
        slot = Ask(slot);
        var state = Free();
        var rows = _layer.Iterate(slot.Rows!, null, null, state, slot.Layout, Dropout(planned));
        var risen = slot with { Rows = rows };
        return new LayerOutput(risen, Counts ? Features(risen) : null, Hold(state, rows.Share(0, state.Rows), slot, planned));
    }

    private LayerOutput Iterate(Slot slot, PlannedSlot planned, Activations? above)
    {
        var before = _held.Remove(slot.Index, out var held)
            ? held
            : throw new InvalidOperationException($"Layer {_layer.Index + 1} has no state for slot {slot.Index}, an iteration.");
        using var label = _isTop ? Labels(slot.Clamped, _plan.Classes, Spec.TopDown, Spec.Precision) : null;
        var state = Free();
        var rows = _layer.Iterate(slot.Rows!, label ?? above, before, state, slot.Layout, Dropout(planned));
        var up = slot with { Rows = before.Normalized };
        before.Normalized = null;
        _free.Push(before);
        return new LayerOutput(
            up,
            Counts ? slot with { Rows = null, Question = null, CandidateGoodness = Goodness(slot) } : null,
            Hold(state, rows, slot, planned)
        );
    }

    private StateFromAbove? Hold(LayerState state, Activations rows, Slot slot, PlannedSlot planned)
    {
        if (planned.Following < 0)
        {
            rows.Dispose();
            _free.Push(state);
            return null;
        }

        state.Normalized = rows;
        _held[planned.Following] = state;
        return Down(slot, planned, rows);
    }

    private StateFromAbove? Down(Slot slot, PlannedSlot planned, Activations? rows) =>
        _isBottom || planned.Following < 0 ? null : new StateFromAbove(planned.Following, slot.Kind, slot.Epoch, rows?.Share(0, rows.Rows));

    /// <summary>
    /// What is above the top layer: a class alone in every row, normalized as all rows are and then as loud as the spec says.
    /// </summary>
    public static Activations Labels(ReadOnlySpan<byte> labels, int classes, TopDownSpec topDown, Precision precision)
    {
        var rows = Activations.Rent(labels.Length, classes, precision);
        rows.Bytes.Clear();
        var one = (float)(topDown.LabelStrength * Math.Sqrt(classes));
        for (var row = 0; row < labels.Length; row++)
        {
            rows.Set(row, labels[row], one);
        }

        return rows;
    }

    private float[] Goodness(Slot slot) => _layer.LastGoodness.Slice(slot.Layout.FirstCandidate, slot.Layout.Candidates).ToArray();

    private static long? Dropout(PlannedSlot planned) =>
        planned.Kind == SlotKind.Train && planned.LearnedBatch >= 0 ? planned.LearnedBatch : null;

    private LayerState Free() => _free.TryPop(out var state) ? state : _layer.NewState(_plan.MaxRows);
}
