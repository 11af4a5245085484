using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Streams;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Messages;
using ForwardForward.Learning.Streams;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Runtime.Readouts;

/// <summary>
/// The readout at work: one slot from every featured layer in, class probabilities back to the source, results to the coordinator.
/// </summary>
internal sealed class ReadoutWorkLoop(StageContext context) : IStage
{
    private const int InboxSlots = 4;
    private ReadoutSlotHandler? _readout;

    /// <summary>Its part of a checkpoint, which also holds the probabilities that the source still needs.</summary>
    public const string CheckpointName = "readout.safetensors";

    public Inbox Inbox { get; } = new(Lanes(context.Plan.Stages).Count, InboxSlots, context.Time, context.Assignment.FirstSlot);

    /// <summary>The stages that have a lane here, by position among those that layers make: all parts of every featured layer.</summary>
    public static List<int> Lanes(StageTopology stages) => [.. stages.Featured.SelectMany(stages.StagesOf)];

    public void Prepare()
    {
        _readout = new ReadoutSlotHandler(context.Assignment.Spec, context.Plan, context.Assignment.Data.Pixels);
        if (context.Checkpoints.Restored(CheckpointName) is { } snapshot)
        {
            _readout.Restore(snapshot);
        }
        else
        {
            _readout.Begin();
        }
    }

    public void Run(CancellationToken cancellation)
    {
        var spec = context.Assignment.Spec;
        var (stages, source) = (context.Plan.Stages, context.Plan.Recipe.NeedsProbabilities ? context.LinkToSource() : null);
        var parts = Lanes(stages).ConvertAll(stage => stages.Parts[stage]);
        SlotKind last;
        do
        {
            context.Metrics.Waits();
            var slots = Layers(parts, Inbox.Take());
            context.Metrics.Begins();
            var result = _readout!.Process(slots);
            if (source is not null && result.Probabilities.Length > 0)
            {
                var planned = context.Plan[slots[0].Index];
                var probabilities = ClassProbabilities.Copy(
                    planned.NeutralBatch,
                    planned.Epoch,
                    result.Probabilities,
                    context.Plan.Classes
                );
                context.Metrics.Send(() => source.Send(probabilities.ToEnvelope(), cancellation));
            }

            if (result.Answer is { } answer)
            {
                context.Answer(answer);
            }

            if (slots[0].IsCheckpoint)
            {
                context.Checkpoints.Save(slots[0].Index, CheckpointName, _readout.Snapshot(slots[0].Index));
            }

            Report(slots[0], result);
            context.Metrics.Done(
                last = slots[0].Kind,
                slots[0].Update > 0 && context.Plan[slots[0].Index].Following < 0 ? spec.BatchSize : 0
            );
            context.Beat();
        } while (last != SlotKind.End);
        context.Checkpoints.Complete();
        context.End(stages.Parts.Count, _readout.Digest());
    }

    public void Dispose()
    {
        context.Metrics.Dispose();
        _readout?.Dispose();
    }

    private static List<Slot> Layers(IEnumerable<LayerShard> parts, Slot[] slots) =>
        [
            .. parts
                .Zip(slots)
                .GroupBy(one => one.First.Layer)
                .Select(layer => Slot.Joined([.. layer.Select(one => one.Second)], layer.First().First.IsReplica)),
        ];

    /// <summary>A measurement as it is told.</summary>
    public static Prequential? Told(PrequentialMeasurement? measured) =>
        measured is null ? null : new(measured.Slot, measured.Epoch, measured.Examples, measured.Error);

    private void Report(Slot slot, ReadoutResult result)
    {
        var reports = slot.Index % context.Plan.ReportEvery == 0 || slot.Kind == SlotKind.End;
        if (result.Evaluation is not null || result.Prequential is not null || reports)
        {
            context.Reports.Post(
                new StageReport
                {
                    Evaluated = result.Evaluation,
                    Streamed = Told(result.Prequential),
                    Through = reports ? slot.Index : null,
                }
            );
        }
    }
}
