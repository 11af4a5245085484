using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Telemetry;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Experiments;

/// <content>
/// What the coordinator does when a part of the run is lost: a new generation, which fences whatever still speaks for the old one, takes up
/// the last whole checkpoint on the silos that are there, and replays. It ends in the bytes of an undisturbed run.
/// </content>
internal sealed partial class RunCoordinator
{
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    // of silos that keep a newer checkpoint; a person waits for the answer to a resume
    private static readonly TimeSpan MaxAbsence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MaxAbsenceAtResume = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(60);
    private LossHistory _losses = LossHistory.None;
    private long _slotBeforeLoss;
    private long _redoes; // slots, in this generation
    private (long Slot, long Since)? _catchesUp; // to a slot that was through before it was lost, since a time
    private long _heard;
    private long? _withoutInputSince; // no silo has the run's data: one that joins may
    private bool _isOutdated;
    private int _fenced = -1; // the newest generation that was begun, by this coordinator or before it

    /// <summary>Takes up what an earlier coordinator left.</summary>
    public void TakeUp(RunRecord record)
    {
        journal.Restore(record.Status!, record.Events);
        _lessons.TakeUp(record.Lessons);
        _fenced = record.Status!.Generation;
        if (!record.Status!.IsOver && record.Status.State != RunState.Paused)
        {
            Lose($"The run's coordinator on the silo {record.OwnerSilo} is gone.", silo: record.OwnerSilo.Split(' ')[0]);
        }
    }

    /// <summary>Silos have come or gone.</summary>
    public void SilosChanged()
    {
        if (journal.Status is { State: RunState.Running } && stages.Lost() is { } lost)
        {
            Lose(lost);
        }

        NoteSilos();
    }

    /// <summary>
    /// Called now and then: writes what is not written, and looks whether all of the run is there and says something, and is where it is
    /// best.
    /// </summary>
    /// <exception cref="RunTakenOverException">Another coordinator has the run.</exception>
    public async Task Tick()
    {
        if (_isOutdated)
        {
            throw TakenOver();
        }

        if (journal.Status is { State: RunState.Running } && stages.Lost() is { } lost)
        {
            Lose(lost); // while the run was opened, when nobody asked
        }
        else if (journal.Status is { State: RunState.Running } && time.GetElapsedTime(_heard) > MaxSilence)
        {
            Lose($"Nothing was heard of the run for {MaxSilence.TotalSeconds:0} s.");
        }
        else if (
            journal.Status is { State: RunState.Running, Spec.Checkpoint.Rebalance: true }
            && stages.AreSilosOthers()
            && stages.WouldGain(_leaving)
        )
        {
            _ = Move(); // not awaited: what is lost meanwhile must be heard
        }

        try
        {
            await store.Flush();
        }
        catch (RunTakenOverException)
        {
            Outdate();
            throw;
        }
    }

    private RunTakenOverException TakenOver() => new($"The run '{run}' is coordinated by another one now.");

    private void Outdate()
    {
        _isOutdated = true;
        _halt.Abandon();
    }

    private void Heard() => _heard = time.GetTimestamp();

    /// <summary>
    /// Starts a recovery; a run without a checkpoint, or one that is lost again and again without a step forward, ends here.
    /// </summary>
    private void Lose(string what, bool isFailure = false, string? silo = null)
    {
        var status = Current();
        if (status.State is RunState.Paused)
        {
            return; // it has nothing that could be lost
        }

        if (status.State is RunState.Queued && status.Data is null)
        {
            End(status with { State = RunState.Failed, Error = what });
            return;
        }

        _losses = _losses.With(status.LastCheckpointSlot, isFailure);
        var isWithoutNet = status.Spec.Checkpoint.EverySlots == 0 && status.LastCheckpointSlot is null;
        if (isWithoutNet || _losses.IsHopeless)
        {
            End(status with { State = RunState.Failed, Error = what });
            return;
        }

        LogLost(AfterSlot(), what);
        NoteLoss(what, isFailure, silo);
        _slotBeforeLoss = Math.Max(status.State == RunState.Recovering ? _slotBeforeLoss : 0, status.Slot);
        _catchesUp = (_slotBeforeLoss, _catchesUp?.Since ?? time.GetTimestamp());
        Advance(status.State == RunState.Recovering ? 0 : 1);
        _ = Recover(Current().Generation); // not awaited: the stage that reported must be able to end
    }

    private void Advance(int recoveries)
    {
        NoteFurthest();
        var status = Current();
        journal.Change(
            status with
            {
                State = RunState.Recovering,
                Generation = status.Generation + 1,
                Recoveries = status.Recoveries + recoveries,
            }
        );
        _halt.Begin();
    }

    private async Task Recover(int generation)
    {
        try
        {
            await Reopen(generation, measures: false);
            _withoutInputSince = null;
        }
        catch (RunTakenOverException)
        {
            Outdate();
        }
        catch (InvalidInputException e)
            when (IsAt(generation) && time.GetElapsedTime(_withoutInputSince ??= time.GetTimestamp()) > MaxAbsence)
        {
            LogWithoutInput(e.Message);
            Note(IncidentKind.Pause, $"paused {AfterSlot()}: {e.Message}", []);
            await Rest(RunState.Paused, $"The run '{run}' is paused at its last checkpoint: {e.Message}");
        }
        catch (Exception e)
        {
            NoteWait(e);
            if (!Foreseen.Is(e))
            {
                LogBug(e);
            }

            await Task.Delay(_losses.Delay, time);
            if (IsAt(generation))
            {
                Lose($"The run cannot be taken up again: {e.Message}");
            }
        }
    }

    /// <summary>Takes up the newest checkpoint under a generation that was just begun.</summary>
    private async Task Reopen(int generation, bool measures)
    {
        using var activity = FFActivities.Begin("ff.run.recover", run, Current());
        await Fence(generation);
        if (!IsAt(generation))
        {
            return;
        }

        await stages.Close(generation - 1, StageTopology.Of(Current().Spec).Parts.Count);
        var search = await Newest(generation, measures ? MaxAbsenceAtResume : MaxAbsence);
        Report(search);
        await Cleared(() => checkpoints.RemoveUnfinished(generation));
        if (!IsAt(generation))
        {
            return;
        }

        Miss(search);
        journal.TakeUp(search.Latest);
        TakeUpLessons(search.Latest);
        var status = Current();
        var (first, redone) = (status.Slot, Math.Max(0, _slotBeforeLoss - status.Slot));
        _slotBeforeLoss = 0;
        journal.Change(
            status with
            {
                RedoneSlots = status.RedoneSlots + redone,
                MostRedoneSlots = Math.Max(status.MostRedoneSlots, redone),
            }
        );
        _redoes = redone;
        LogGoesBack(search.Latest is { } latest ? $"the checkpoint of slot {latest.Slot}" : "the beginning: it has no checkpoint", first);
        await Open(search.Latest, measures);
    }

    // Where silos keep checkpoints for themselves, one that is started again brings what it kept: worth more than what would be done again
    // without it.
    private async Task<CheckpointSearch> Newest(int generation, TimeSpan patience)
    {
        for (var started = time.GetTimestamp(); ; await Task.Delay(MaxWait, time))
        {
            var search = await Newest();
            if (!search.IsWorthAWait(Current().LastCheckpointSlot) || time.GetElapsedTime(started) > patience || !IsAt(generation))
            {
                return search;
            }

            var keepers = search.Awaited.Count == 0 ? "silos that are not there" : string.Join(" and ", search.Awaited);
            NoteThen($"waiting for what is kept of the checkpoint of slot {Current().LastCheckpointSlot} by {keepers}");
            LogAwaits(Current().LastCheckpointSlot!.Value, keepers);
        }
    }

    // From here on an older coordinator cannot write.
    private async Task Fence(int generation)
    {
        store.Mark();
        await store.Flush();
        while (store.IsDirty && IsAt(generation))
        {
            await Task.Delay(MaxWait, time);
            await store.Flush();
        }

        _fenced = IsAt(generation) ? generation : _fenced;
    }

    private async Task<CheckpointManifest> Earlier()
    {
        var search = await checkpoints.Latest(Current());
        Report(search);
        var latest =
            search.Latest
            ?? throw new InvalidInputException(
                search.WhyNone is { } why
                    ? $"The run '{run}' has no checkpoint to go on from: {why}"
                    : $"The run '{run}' has no checkpoint to go on from."
            );
        if (Unseen(latest) is { } missing)
        {
            throw new InvalidInputException(
                $"The run '{run}' cannot go on: its journal has the lesson {missing.Id} at slot {missing.Slot}, which its checkpoint of "
                    + $"slot {latest.Slot} has not seen; expected the journal that it wrote itself."
            );
        }

        journal.TakeUp(latest);
        TakeUpLessons(latest);
        Note(IncidentKind.Resumption, "taken up again", []);
        return latest;
    }

    private void Report(CheckpointSearch search)
    {
        foreach (var skipped in search.Skipped)
        {
            // one that was being written when the run was lost is of no interest
            LogSkipped(skipped.Cause == SkipCause.Unfinished ? LogLevel.Debug : LogLevel.Warning, skipped.Reason);
        }
    }
}
