using ForwardForward.Contracts.Experiments;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Experiments;

/// <content>
/// What the coordinator says in its silo's log. The run and its generation are in front of every sentence (<c>RunLogger</c>); a recovery is
/// what was lost, how far back, what moved, where it goes on, and when it is where it was.
/// </content>
internal sealed partial class RunCoordinator
{
    private void SayThatItGoesOn(long slot)
    {
        var slots = Current().Slots;
        if (slot == 0 && _redoes == 0)
        {
            LogStarts(slots);
        }
        else
        {
            LogGoesOn(slot, slots, _redoes);
        }

        _redoes = 0;
    }

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "lost {When}: {Loss}")]
    private partial void LogLost(string when, string loss);

    [LoggerMessage(EventId = 7, Level = LogLevel.Information, Message = "goes back to {Checkpoint}, and is taken up at slot {Slot}")]
    private partial void LogGoesBack(string checkpoint, long slot);

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Moves}. {Reason}")]
    private partial void LogPlaced(string moves, string reason);

    [LoggerMessage(EventId = 19, Level = LogLevel.Information, Message = "goes on at slot {Slot} of {Slots}; slots done again: {Redone}")]
    private partial void LogGoesOn(long slot, long slots, long redone);

    [LoggerMessage(EventId = 23, Level = LogLevel.Information, Message = "starts with slot 0 of {Slots}")]
    private partial void LogStarts(long slots);

    [LoggerMessage(EventId = 13, Level = LogLevel.Information, Message = "is through slot {Slot} again, {Seconds:0.0} s after the loss")]
    private partial void LogCaughtUp(long slot, double seconds);

    [LoggerMessage(EventId = 25, Level = LogLevel.Information, Message = "comes to rest to go on elsewhere: {Why}")]
    private partial void LogMoves(string why);

    [LoggerMessage(EventId = 21, Level = LogLevel.Information, Message = "rests {When}: {Why}")]
    private partial void LogRests(string when, string why);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "ended, {State}: {Outcome}")]
    private partial void LogEnded(RunState state, string outcome);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "did not start, and its record cannot be taken back ({Reason})")]
    private partial void LogNotWithdrawn(string reason);

    [LoggerMessage(EventId = 6, Message = "passes over a checkpoint: {Reason}")]
    private partial void LogSkipped(LogLevel level, string reason);

    [LoggerMessage(EventId = 8, Level = LogLevel.Warning, Message = "has no checkpoint of slot {Slot}: {Reason}")]
    private partial void LogNotSaved(long slot, string reason);

    [LoggerMessage(EventId = 9, Level = LogLevel.Warning, Message = "keeps what it has no use for: {Reason}")]
    private partial void LogNotRemoved(string reason);

    [LoggerMessage(EventId = 11, Level = LogLevel.Warning, Message = "stays where it is: {Reason}")]
    private partial void LogNotMoved(string reason);

    [LoggerMessage(EventId = 14, Level = LogLevel.Warning, Message = "waits for what is kept of its checkpoint of slot {Slot} by {Silos}")]
    private partial void LogAwaits(long slot, string silos);

    [LoggerMessage(
        EventId = 15,
        Level = LogLevel.Warning,
        Message = "had kept a checkpoint of slot {Slot}, which is not to be had any more: it does again what comes from slot {From} on"
    )]
    private partial void LogBehind(long slot, long from);

    [LoggerMessage(EventId = 16, Level = LogLevel.Error, Message = "is paused: {Reason}")]
    private partial void LogWithoutInput(string reason);

    [LoggerMessage(EventId = 22, Level = LogLevel.Error, Message = "cannot be taken up again, for a reason that nobody foresaw")]
    private partial void LogBug(Exception bug);
}
