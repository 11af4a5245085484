using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Runtime.Layers;

/// <summary>A layer at work: takes a slot, sends its activity on, and only then updates.</summary>
internal sealed class LayerPipelineStage(StageContext context, int index) : IStage
{
    /// <summary>Most slots that wait for a layer.</summary>
    public const int InboxSlots = 4;

    private LayerStage? _layer;

    private string CheckpointName => $"layer-{index + 1}.safetensors";

    public Inbox Inbox { get; } = new(1, InboxSlots, context.Time, context.Assignment.FirstSlot);

    public void Prepare()
    {
        var assignment = context.Assignment;
        _layer = new LayerStage(assignment.Spec, index, assignment.Data.Pixels, context.Plan);
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
        var up = index + 1 < assignment.Spec.Layers.Count ? context.LinkToLayer(index + 1) : null;
        var readout = _layer!.Counts ? context.LinkToReadout(index - LayerStage.Featured(assignment.Spec)[0]) : null;
        SlotKind last;
        do
        {
            context.Metrics.Waits();
            var slot = Inbox.Take()[0];
            context.Metrics.Begins();
            var above = _layer.Forward(slot);
            context.Metrics.Send(() => Send(above, up, readout, cancellation));
            if (_layer.Learn(slot) is { } measured)
            {
                context.Metrics.Measured(measured);
                StageContext.Wait(context.Reports.Measured(assignment.Generation, measured, Inbox.Depth));
            }

            if (slot.IsCheckpoint)
            {
                context.Checkpoints.Save(slot.Index, CheckpointName, _layer.Snapshot());
            }

            slot.Release();
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

    private static void Send(Slot above, Link? up, Link? readout, CancellationToken cancellation)
    {
        var features = readout is null ? null : LayerStage.Features(above);
        if (up is null)
        {
            above.Release();
        }
        else
        {
            up.Send(above, cancellation);
        }

        if (features is not null)
        {
            readout!.Send(features, cancellation);
        }
    }
}
