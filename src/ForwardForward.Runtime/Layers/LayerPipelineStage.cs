using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Runtime.Layers;

/// <summary>A layer at work: takes a slot, and in top-down runs what the layer above made of the iteration before; sends its activity on, and only then updates.</summary>
internal sealed class LayerPipelineStage(StageContext context, ILayers layers, int index) : IStage
{
    /// <summary>Most slots that wait for a layer.</summary>
    public const int InboxSlots = 4;

    private const int FromAbove = 1; // lane
    private LayerStage? _layer;

    private string CheckpointName => $"layer-{index + 1}.safetensors";

    public Inbox Inbox { get; } = new([.. Lanes(context, index)], context.Time);

    public void Prepare()
    {
        var assignment = context.Assignment;
        _layer = layers.Of(assignment.Spec, index, assignment.Data.Pixels, context.Plan);
        if (context.Checkpoints.Restored(CheckpointName) is { } snapshot)
        {
            _layer.Restore(snapshot);
        }
        else
        {
            _layer.Begin();
        }
    }

    public void Run(CancellationToken cancellation)
    {
        var assignment = context.Assignment;
        var up = index + 1 < assignment.Spec.LayerStages ? context.LinkToLayer(index + 1) : null;
        var down = index > 0 && assignment.Spec.TopDown.IsOn ? context.LinkToLayer(index - 1, FromAbove) : null;
        var readout = _layer!.Counts ? context.LinkToReadout(index - LayerStage.Featured(assignment.Spec)[0]) : null;
        SlotKind last;
        do
        {
            context.Metrics.Waits();
            var slots = Inbox.Take();
            var slot = slots[0];
            context.Metrics.Begins();
            var passed = _layer.Forward(slot, slots.Length > FromAbove ? slots[FromAbove].Rows : null);
            context.Metrics.Send(() => Send(passed, up, readout, down, cancellation));
            if (_layer.Learn(slot) is { } measured)
            {
                context.Metrics.Measured(measured);
                StageContext.Wait(context.Reports.Measured(assignment.Generation, measured, Inbox.Depth));
            }

            if (slot.IsCheckpoint)
            {
                context.Checkpoints.Save(slot.Index, CheckpointName, _layer.Snapshot());
            }

            Array.ForEach(slots, done => done.Release());
            context.Metrics.Done(last = slot.Kind);
        }
        while (last != SlotKind.End);
        context.Checkpoints.Complete();
        StageContext.Wait(context.Reports.Ended(assignment.Generation, index, _layer.Digest()));
    }

    public void Dispose()
    {
        context.Metrics.Dispose();
        _layer?.Dispose();
    }

    // What comes from above is an iteration ahead: as many slots as batches take turns.
    private static IEnumerable<SlotWindow> Lanes(StageContext context, int index)
    {
        var (assignment, plan) = (context.Assignment, context.Plan);
        yield return new SlotWindow(InboxSlots, assignment.FirstSlot);
        if (assignment.Spec.TopDown.IsOn && index + 1 < assignment.Spec.LayerStages)
        {
            yield return new SlotWindow(assignment.Spec.TopDown.Interleaved + InboxSlots, plan.FromAbove(assignment.FirstSlot), slot => plan.FromAbove(slot + 1));
        }
    }

    private static void Send(Passed passed, Link? up, Link? readout, Link? down, CancellationToken cancellation)
    {
        if (up is null)
        {
            passed.Up.Release();
        }
        else
        {
            up.Send(passed.Up, cancellation);
        }

        if (passed.ToReadout is { } read)
        {
            readout!.Send(read, cancellation);
        }

        if (passed.Down is { } states)
        {
            down!.Send(states, cancellation);
        }
    }
}
