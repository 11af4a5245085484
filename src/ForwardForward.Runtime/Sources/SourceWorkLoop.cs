using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Messages;
using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Readouts;

namespace ForwardForward.Runtime.Sources;

/// <summary>The source at work: makes the slots in order; one whose hard negatives are not known yet waits for the readout.</summary>
internal sealed class SourceWorkLoop(
    StageContext context,
    DataSet data,
    PauseGate gate,
    PredictionQueue questions,
    SourceLessons lessons,
    SlotPace pace,
    Turns turns,
    SourceStream? stream = null
) : IStage
{
    private static readonly TimeSpan TestPace = TimeSpan.FromMilliseconds(20); // until a test that is under way is over
    private readonly Turns.Turn _turn = turns.Of(context.Time);
    private SlotSource? _source;

    /// <summary>Never fills: no more batches than the lag are on their way to the readout and back.</summary>
    public Inbox Inbox { get; } = new(1, context.Plan.Lag + 1, context.Time, FirstBatch(context.Plan, context.Assignment.From));

    public void Prepare()
    {
        _source = new SlotSource(context.Assignment.Spec, data, lessons.Schedule, stream);
        foreach (
            var (batch, probabilities) in ReadoutSlotHandler.Pending(context.Checkpoints.Restored(ReadoutWorkLoop.CheckpointName) ?? [])
        )
        {
            _source.Offer(batch, probabilities);
        }
    }

    public void Run(CancellationToken cancellation)
    {
        Link[] first = [.. context.Plan.Stages.StagesOf(0).Select(stage => context.LinkToLayer(stage))];
        var clock = pace.Start(context.Time);
        for (var index = context.Assignment.FirstSlot; index < context.Plan.SlotCount; index++)
        {
            context.Metrics.Waits();
            if (context.Plan.BeginsEpoch(index) && !Begins(context.Plan[index].Epoch, cancellation))
            {
                context.Metrics.Send(() => Link.SendAll(first, _source!.End(index), cancellation));
                context.Metrics.Done(SlotKind.End);
                return;
            }

            stream?.Await(_source!, index, _turn.End, cancellation);
            while (!_source!.CanMake(index))
            {
                TakeProbabilities();
            }

            clock.Wait(cancellation);
            _turn.Await(context.Beat, cancellation);
            context.Metrics.Begins();
            var planned = context.Plan[index];
            lessons.Begin(planned.NeutralBatch);
            var slot = _source.Make(index);
            var halts = gate.IsClosed && planned is { Kind: SlotKind.Train, EndsGroup: true };
            if (halts)
            {
                // before any stage can say that it has saved it
                StageContext.Wait(context.Coordinator.Halts(context.Assignment.Generation, index));
            }

            var keeps = halts || context.Plan.IsCheckpoint(index) || stream?.IsWorthKeeping(_source, planned) is true;
            var marked = slot with { IsCheckpoint = keeps };
            var sent = slot.Kind == SlotKind.End || planned.Iteration > 0 ? marked : WithQuestion(marked);
            context.Metrics.Send(() => Link.SendAll(first, sent, cancellation));
            context.Metrics.Done(slot.Kind);
            if (halts)
            {
                _turn.End();
                gate.Pass(cancellation);
            }
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        questions.Close();
        context.Metrics.Dispose();
    }

    /// <summary>
    /// The first batch whose answer comes from the readout: those to batches that went up before the checkpoint are in it.
    /// </summary>
    public static long FirstBatch(SlotPlan plan, CheckpointManifest? from) =>
        from is null ? 0
        : plan[from.Slot].NeutralBatch is >= 0 and var batch ? batch + 1
        : plan.Batches;

    // The coordinator has the tests, and keeps them over losses.
    private bool Begins(int epoch, CancellationToken cancellation)
    {
        var assignment = context.Assignment;
        if (assignment.Spec.Evaluation.Patience == 0)
        {
            return true;
        }

        while (true)
        {
            if (StageContext.Wait(context.Coordinator.Begins(assignment.Generation, epoch)) is { } begins)
            {
                return begins;
            }

            Task.Delay(TestPace, context.Time, cancellation).GetAwaiter().GetResult();
        }
    }

    private Slot WithQuestion(Slot slot) =>
        questions.TakeUp() is { } asked ? _source!.Ask(slot, asked.Ride, asked.Images, asked.Tries) : slot;

    private void TakeProbabilities()
    {
        var probabilities = ClassProbabilities.From(Inbox.Take()[0]);
        _source!.Offer(probabilities.Batch, probabilities.Take());
    }
}
