using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Messages;
using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Readouts;

namespace ForwardForward.Runtime.Layers;

/// <summary>
/// A layer, or a part of one, at work: takes a slot, and in top-down runs what the layer above made of the iteration before; sends its
/// activity on, and only then updates.
/// </summary>
/// <param name="stage">Position among the stages that layers make, from 0.</param>
internal sealed class LayerWorkLoop(StageContext context, ILayerFactory layers, int stage) : IStage
{
    /// <summary>Most slots that wait for a layer.</summary>
    public const int InboxSlots = 4;

    private const int FromAbove = 1; // lane, in top-down runs
    private readonly LayerShard _part = context.Plan.Stages.Parts[stage];
    private LayerSlotHandler? _layer;

    /// <summary>Its part of a checkpoint.</summary>
    public static string CheckpointName(LayerShard part) => $"layer-{part.Name}.safetensors";

    public Inbox Inbox { get; } =
        new([.. Lanes(context, context.Plan.Stages.Parts[stage])], context.Time)
        {
            Further = Sums(context, context.Plan.Stages.Parts[stage]),
        };

    public void Prepare()
    {
        var assignment = context.Assignment;
        _layer = layers.Of(
            assignment.Spec,
            stage,
            assignment.Data.Pixels,
            context.Plan,
            Inbox.Further is { } sums ? new GrainAllReduce(context, _part, sums) : null
        );
        if (context.Checkpoints.Restored(CheckpointName(_part)) is { } snapshot)
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
        var (stages, hearsAbove) = (context.Plan.Stages, context.Plan.Recipe.Iterations.Count > 0);
        Link[] up = [.. stages.StagesOf(_part.Layer + 1).Select(above => context.LinkToLayer(above, _part.Number))];
        var down = stage > 0 && hearsAbove ? context.LinkToLayer(stage - 1, FromAbove) : null;
        var readout = _layer!.Counts ? context.LinkToReadout(ReadoutWorkLoop.Lanes(stages).IndexOf(stage)) : null;
        var areReplicas = _part.Layer > 0 && stages.Parts[stages.StagesOf(_part.Layer - 1)[0]].IsReplica;
        SlotKind last;
        do
        {
            context.Metrics.Waits();
            var slots = Inbox.Take();
            context.Metrics.Begins();
            var slot = hearsAbove ? slots[0] : Slot.Joined(slots, areReplicas);
            using var above = hearsAbove && slots.Length > FromAbove ? StateFromAbove.From(slots[FromAbove]).Rows : null;
            var passed = _layer.Forward(slot, above);
            context.Metrics.Send(() => Send(passed, up, readout, down, cancellation));
            if (_layer.Learn(slot) is { } measured)
            {
                context.Metrics.Measured(measured);
                context.Reports.Post(new StageReport { Measured = measured, InboxDepth = Inbox.Depth });
            }

            if (slot.IsCheckpoint)
            {
                context.Checkpoints.Save(slot.Index, CheckpointName(_part), _layer.Snapshot());
            }

            slot.Release();
            context.Metrics.Done(last = slot.Kind);
            context.Beat();
        } while (last != SlotKind.End);
        context.Checkpoints.Complete();
        context.End(stage, _layer.Digest());
    }

    public void Dispose()
    {
        context.Metrics.Dispose();
        _layer?.Dispose();
    }

    // What comes from above is an iteration ahead: as many slots as batches take turns.
    private static IEnumerable<SlotWindow> Lanes(StageContext context, LayerShard part)
    {
        var (assignment, plan) = (context.Assignment, context.Plan);
        for (var lane = 0; lane < GrainAllReduce.Lanes(plan.Stages, part.Layer); lane++)
        {
            yield return new SlotWindow(InboxSlots, assignment.FirstSlot);
        }

        if (plan.Recipe.Iterations is { Count: > 0 } iterations && part.Layer + 1 < plan.Stages.Layers)
        {
            yield return new SlotWindow(
                iterations.Interleaved + InboxSlots,
                plan.FromAbove(assignment.FirstSlot),
                slot => plan.FromAbove(slot + 1)
            );
        }
    }

    private static Inbox? Sums(StageContext context, LayerShard part) =>
        part.Count == 1 ? null : new Inbox(part.Count - 1, InboxSlots, context.Time);

    private static void Send(LayerOutput passed, Link[] up, Link? readout, Link? down, CancellationToken cancellation)
    {
        Link.SendAll(up, passed.Up, cancellation);

        if (passed.ToReadout is { } read)
        {
            readout!.Send(read, cancellation);
        }

        if (passed.Down is { } state)
        {
            down!.Send(state.ToEnvelope(), cancellation);
        }
    }
}
