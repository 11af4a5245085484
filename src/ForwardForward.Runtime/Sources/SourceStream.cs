using ForwardForward.Contracts.Streams;
using ForwardForward.Learning;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Streams;
using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Streams;

namespace ForwardForward.Runtime.Sources;

/// <summary>The stream of a run at its source, which waits for the examples of a slot before it makes it.</summary>
internal sealed class SourceStream(StageContext context, IStreamGrain journal, PauseGate gate, PredictionQueue questions) : IExamples
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60); // with a storage that does not answer
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(10); // between two checkpoints of a stream that is slow
    private readonly GrainExamples _journal = new(journal);
    private bool _isTold;
    private long _kept = context.Time.GetTimestamp();

    public StreamPiece Read(long first, int most)
    {
        for (var since = context.Time.GetTimestamp(); ; Rest(Pace))
        {
            context.Stopping.ThrowIfCancellationRequested();
            context.Beat();
            try
            {
                return _journal.Read(first, most);
            }
            catch (Exception e) when (e is not InvalidInputException && context.Time.GetElapsedTime(since) < Patience)
            {
                // A silo that was lost with the journal's grain, or a storage that is started again: it comes up elsewhere.
            }
        }
    }

    /// <summary>
    /// Returns once a slot can be made. Nothing is under way then that would not be made again from the journal, so a halt that comes
    /// meanwhile needs no slot to be the last.
    /// </summary>
    /// <param name="rests">Called before a wait.</param>
    public void Await(SlotSource source, long index, Action rests, CancellationToken cancellation)
    {
        while (!source.Await(index))
        {
            cancellation.ThrowIfCancellationRequested();
            rests();
            questions.IsIdle = true;
            context.Beat();
            if (gate.IsClosed)
            {
                StageContext.Wait(context.Coordinator.Rests(context.Assignment.Generation));
                gate.Pass(cancellation);
            }
        }

        questions.IsIdle = false;
        if (source.Streamed is { } examples && !_isTold)
        {
            context.Plan.EndAfter(examples);
            StageContext.Wait(context.Coordinator.StreamEnded(context.Assignment.Generation, examples));
            _isTold = true;
        }
    }

    /// <summary>
    /// Whether every stage should keep its state after a slot that is none of the plan's checkpoints: what follows is not there yet, so the
    /// state may be all that there is to ask for a long time.
    /// </summary>
    public bool IsWorthKeeping(SlotSource source, PlannedSlot planned)
    {
        if (context.Assignment.Spec.Checkpoint.EverySlots == 0 || planned is not { Kind: SlotKind.Train, NeutralBatch: >= 0 and var batch })
        {
            return false;
        }

        if (context.Time.GetElapsedTime(_kept) < IdlePeriod || source.IsAtHand(batch + 1))
        {
            return false;
        }

        _kept = context.Time.GetTimestamp();
        return true;
    }

    private void Rest(TimeSpan pace) => Task.Delay(pace, context.Time, context.Stopping).GetAwaiter().GetResult();
}
