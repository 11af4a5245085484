using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Experiments;

/// <content>
/// What the coordinator does when a part of the run is lost: a new generation, which fences whatever still speaks for the old one, takes up
/// the last whole checkpoint on the silos that are there, and replays. It ends in the bytes of an undisturbed run.
/// </content>
internal sealed partial class ExperimentGrain
{
    private const int MostTriesInVain = 60; // a second apart: longer than it takes until a silo that is gone is known to be
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    private long _slotOfLastLoss = -1;
    private int _triesInVain;

    /// <summary>Starts a recovery; a run without checkpoints, or one that is lost again and again without a step forward, ends here.</summary>
    private void Lose(string what)
    {
        var status = Current();
        _triesInVain = status.LastCheckpointSlot > _slotOfLastLoss ? 0 : _triesInVain + 1;
        _slotOfLastLoss = status.LastCheckpointSlot ?? -1;
        if (status.Spec.Checkpoint.EverySlots == 0 || status.Data is null || _triesInVain > MostTriesInVain)
        {
            End(status with { State = RunState.Failed, Error = what });
            return;
        }

        var wasPaused = status.State == RunState.Paused;
        _journal.Change(status with { State = RunState.Recovering, Generation = status.Generation + 1, Recoveries = status.Recoveries + (status.State == RunState.Recovering ? 0 : 1) });
        LogLost(Run, what, status.Generation + 1);
        _ = Recover(status.Generation + 1, wasPaused); // not awaited: the stage that reported must be able to end
    }

    private async Task Recover(int generation, bool pauses)
    {
        try
        {
            _store.Mark();
            await _store.Flush(); // from here on an older coordinator cannot write
            await _stages.Close();
            var search = await _checkpoints.Latest(Current());
            foreach (var skipped in search.Skipped)
            {
                LogSkipped(Run, skipped.Reason);
            }

            if (!IsAt(generation))
            {
                return;
            }

            _journal.GoBackTo(search.Latest?.Slot);
            LogTakenUp(Run, search.Latest?.Slot + 1 ?? 0, generation);
            await Open(search.Latest);
            if (pauses && IsAt(generation))
            {
                await Pause();
            }
        }
        catch (Exception e)
        {
            await Task.Delay(TryAgainAfter, _time);
            if (IsAt(generation))
            {
                Lose($"The run cannot be taken up again: {e.Message}");
            }
        }
    }

    private bool IsAt(int generation) => _journal.Works && _journal.Status!.Generation == generation;

    private async Task Commit(CheckpointManifest manifest)
    {
        try
        {
            var left = await _checkpoints.Commit(manifest);
            foreach (var reason in left)
            {
                LogNotRemoved(Run, reason);
            }

            if (_journal.Works)
            {
                _journal.Change(Current() with { LastCheckpointSlot = Math.Max(manifest.Slot, Current().LastCheckpointSlot ?? 0) });
                _store.Mark();
            }
        }
        catch (CheckpointException e)
        {
            LogNotSaved(Run, manifest.Slot, e.Message);
        }
    }

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "Run {Run} goes on as generation {Generation}: {Loss}")]
    private partial void LogLost(string run, string loss, int generation);

    [LoggerMessage(EventId = 6, Level = LogLevel.Warning, Message = "Run {Run} passes over a checkpoint: {Reason}")]
    private partial void LogSkipped(string run, string reason);

    [LoggerMessage(EventId = 7, Level = LogLevel.Information, Message = "Run {Run} is taken up at slot {Slot} as generation {Generation}")]
    private partial void LogTakenUp(string run, long slot, int generation);

    [LoggerMessage(EventId = 8, Level = LogLevel.Warning, Message = "Run {Run} has no checkpoint of slot {Slot}: {Reason}")]
    private partial void LogNotSaved(string run, long slot, string reason);

    [LoggerMessage(EventId = 9, Level = LogLevel.Warning, Message = "Run {Run} keeps an old checkpoint: {Reason}")]
    private partial void LogNotRemoved(string run, string reason);
}
