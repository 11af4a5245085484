using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Runtime.Layers;

/// <summary>A layer, or a part of one, at work: takes a slot, and in top-down runs what the layer above made of the iteration before; sends its activity on, and only then updates.</summary>
/// <param name="stage">Position among the stages that layers make, from 0.</param>
internal sealed class LayerPipelineStage(StageContext context, ILayers layers, int stage) : IStage
{
    /// <summary>Most slots that wait for a layer.</summary>
    public const int InboxSlots = 4;

    private const int FromAbove = 1; // lane, in top-down runs
    private readonly Shard _shard = Shard.All(context.Assignment.Spec)[stage];
    private LayerStage? _layer;

    /// <summary>Its part of a checkpoint.</summary>
    public static string CheckpointName(Shard shard) => $"layer-{shard.Name}.safetensors";

    public Inbox Inbox { get; } = new([.. Lanes(context, Shard.All(context.Assignment.Spec)[stage])], context.Time) { Further = Sums(context, Shard.All(context.Assignment.Spec)[stage]) };

    public void Prepare()
    {
        var assignment = context.Assignment;
        _layer = layers.Of(assignment.Spec, stage, assignment.Data.Pixels, context.Plan, Inbox.Further is { } sums ? new ShardLinks(context, _shard, sums) : null);
        if (context.Checkpoints.Restored(CheckpointName(_shard)) is { } snapshot)
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
        var (assignment, spec) = (context.Assignment, context.Assignment.Spec);
        Link[] up = [.. Shard.Stages(spec, _shard.Layer + 1).Select(above => context.LinkToLayer(above, _shard.Number))];
        var down = stage > 0 && spec.TopDown.IsOn ? context.LinkToLayer(stage - 1, FromAbove) : null;
        var readout = _layer!.Counts ? context.LinkToReadout(stage - LayerStage.Featured(spec)[0]) : null;
        SlotKind last;
        do
        {
            context.Metrics.Waits();
            var slots = Inbox.Take();
            context.Metrics.Begins();
            var (slot, above) = spec.TopDown.IsOn ? (slots[0], slots.ElementAtOrDefault(FromAbove)) : (Slot.Joined(slots), null);
            var passed = _layer.Forward(slot, above?.Rows);
            context.Metrics.Send(() => Send(passed, up, readout, down, cancellation));
            if (_layer.Learn(slot) is { } measured)
            {
                context.Metrics.Measured(measured);
                StageContext.Wait(context.Reports.Measured(assignment.Generation, measured, Inbox.Depth));
            }

            if (slot.IsCheckpoint)
            {
                context.Checkpoints.Save(slot.Index, CheckpointName(_shard), _layer.Snapshot());
            }

            slot.Release();
            above?.Release();
            context.Metrics.Done(last = slot.Kind);
        }
        while (last != SlotKind.End);
        context.Checkpoints.Complete();
        StageContext.Wait(context.Reports.Ended(assignment.Generation, stage, _layer.Digest()));
    }

    public void Dispose()
    {
        context.Metrics.Dispose();
        _layer?.Dispose();
    }

    // What comes from above is an iteration ahead: as many slots as batches take turns.
    private static IEnumerable<SlotWindow> Lanes(StageContext context, Shard shard)
    {
        var (assignment, plan) = (context.Assignment, context.Plan);
        for (var lane = 0; lane < ShardLinks.Lanes(assignment.Spec, shard.Layer); lane++)
        {
            yield return new SlotWindow(InboxSlots, assignment.FirstSlot);
        }

        if (assignment.Spec.TopDown.IsOn && shard.Layer + 1 < assignment.Spec.MeasuredLayers)
        {
            yield return new SlotWindow(assignment.Spec.TopDown.Interleaved + InboxSlots, plan.FromAbove(assignment.FirstSlot), slot => plan.FromAbove(slot + 1));
        }
    }

    private static Inbox? Sums(StageContext context, Shard shard) => shard.Count == 1 ? null : new Inbox(shard.Count - 1, InboxSlots, context.Time);

    private static void Send(Passed passed, Link[] up, Link? readout, Link? down, CancellationToken cancellation)
    {
        Link.SendAll(up, passed.Up, cancellation);

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
