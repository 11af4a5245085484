using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Streams;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Runtime.Experiments;

/// <content>
/// A run that learns from a stream. Its journal alone says what there is to learn from and where it ends, and every attempt reads it anew:
/// there is nothing to agree on.
/// </content>
internal sealed partial class RunCoordinator
{
    /// <summary>The source waits for examples and makes no slot until it is told to go on.</summary>
    public void Idles(int generation) => If(generation, _halt.Idles);

    /// <summary>The stream is over, and with it the run after so many slots.</summary>
    public void StreamEnded(int generation, long examples) =>
        If(
            generation,
            () =>
            {
                journal.Change(Current() with { Streamed = examples });
                _plan = PlanOf(Current());
                journal.Change(Current() with { Slots = _plan.SlotCount });
                store.Mark();
            }
        );

    /// <exception cref="InvalidInputException">The run takes no examples, or none of these.</exception>
    public void RequireFeedable(StreamPost post)
    {
        var status = Current();
        if (!status.Spec.Stream || status.IsOver)
        {
            var state = status.IsOver ? $"is {status.State.ToString().ToLowerInvariant()}" : "learns from a data set";
            throw new InvalidInputException($"The run '{run}' {state}, expected one that learns from a stream (train --stream).");
        }

        if (status.Data is not { } data)
        {
            throw new BusyException($"The run '{run}' has not begun: send it again in a moment.");
        }

        if (StreamPost.Fault(post, data.Pixels, data.Classes) is { } fault)
        {
            throw new InvalidInputException($"The examples for the run '{run}' cannot be taken: {fault}.");
        }
    }

    private void Streamed(int generation, Prequential measured) =>
        If(
            generation,
            () =>
            {
                journal.Add(measured);
                journal.Change(Current() with { Prequential = measured });
                store.Mark();
            }
        );

    private void RequireNoStream()
    {
        if (Current().Spec.Stream)
        {
            throw new InvalidInputException(
                $"The run '{run}' learns from a stream, expected the lesson as one of its examples (POST /stream)."
            );
        }
    }

    // Whatever was learned of a stream is learned again from its journal.
    private async Task<CheckpointManifest?> EarlierOrBeginning()
    {
        if (Current().Spec.Stream && (await checkpoints.Latest(Current())).Latest is null)
        {
            return null;
        }

        return await Earlier();
    }
}
