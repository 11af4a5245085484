using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Experiments;

/// <content>
/// A run comes to rest at a checkpoint: the source marks a slot as its last, every stage saves what it is after it, and then nothing is
/// under way. From there it can wait for as long as it likes, or go on elsewhere, and no slot is done twice.
/// </content>
internal sealed partial class RunCoordinator
{
    private static readonly TimeSpan WaitForRunningTimeout = TimeSpan.FromSeconds(20);
    private readonly FifoAsyncLock _movements = new();
    private readonly HaltProtocol _halt = new(stages.Halt, stages.GoOn);

    /// <summary>The source makes no slot after this one.</summary>
    public void Halts(int generation, long slot) => If(generation, () => _halt.Announced(slot));

    /// <inheritdoc cref="IExperimentGrain.Pause"/>
    public Task<RunStatus> Pause() =>
        _movements.Pass(async () =>
        {
            if (Current().State == RunState.Paused)
            {
                return Current();
            }

            RequireBegun();
            if (await Halt(Timeout.InfiniteTimeSpan))
            {
                Note(IncidentKind.Pause, $"paused {AfterSlot()}", []);
                await Rest(RunState.Paused);
            }

            return Current();
        });

    /// <inheritdoc cref="IExperimentGrain.Resume"/>
    public Task<RunStatus> Resume() =>
        _movements.Pass(async () =>
        {
            RequireBegun();
            if (Current().State != RunState.Paused)
            {
                return Current();
            }

            Advance(recoveries: 0);
            var generation = Current().Generation;
            try
            {
                await Reopen(generation, measures: true);
            }
            catch (Exception e) when (e is not RunTakenOverException && !IsAt(generation))
            {
                // It was lost again or ended meanwhile, and is looked after.
            }
            catch (Exception e) when (e is not RunTakenOverException && IsAt(generation))
            {
                await Rest(RunState.Paused);
                var why = $"The run '{run}' stays paused: {e.Message}";
                throw e is InvalidInputException ? new InvalidInputException(why, e) : new InvalidOperationException(why, e);
            }

            return Current();
        });

    /// <inheritdoc cref="IExperimentGrain.Leave"/>
    public Task Leave(SiloAddress silo)
    {
        _leaving.Add(silo); // before its turn: nothing that is moved meanwhile is moved there
        return _movements.Pass(async () =>
        {
            if (!journal.Works || Current().State is RunState.Paused or RunState.Queued || Rests || !stages.AreOn(silo))
            {
                return Current();
            }

            await HaltAndReopen(() => NoteLeave(silo));
            return Current();
        });
    }

    private bool LosesCoordinator => _leaving.Any(stages.IsCoordinatorOn);

    // At a checkpoint, with nothing under way.
    private bool Rests => Current().State == RunState.Recovering && _halt.RestsAt(Current().LastCheckpointSlot);

    private Task<RunStatus> Move() =>
        _movements.Pass(async () =>
        {
            if (Current().State == RunState.Running && stages.WouldGain(_leaving)) // a move before this one may have done it
            {
                await HaltAndReopen(() => Note(IncidentKind.Move, $"moving after slot {Current().Slot - 1}", []));
            }

            return Current();
        });

    /// <param name="note">Says why, once the run rests.</param>
    private async Task HaltAndReopen(Action note)
    {
        try
        {
            if (!await Halt(LosesCoordinator ? TimeSpan.Zero : WaitForRunningTimeout))
            {
                return;
            }

            note();
            var why = Current().Incidents[^1].What;
            LogMoves(why);
            if (LosesCoordinator)
            {
                await Rest(RunState.Recovering); // whoever coordinates next goes on, here or after the next start of the cluster
            }
            else
            {
                Advance(recoveries: 0);
                await Recover(Current().Generation);
            }
        }
        catch (InvalidOperationException e)
        {
            LogNotMoved(e.Message);
        }
    }

    /// <summary>Brings the run to rest; a loss on the way is recovered from first.</summary>
    /// <param name="patience">Most time to wait for a run that recovers.</param>
    /// <returns>Whether it rests; false where it is over, or did not come to run in time.</returns>
    /// <exception cref="InvalidOperationException">Its state cannot be saved, and it goes on.</exception>
    private async Task<bool> Halt(TimeSpan patience)
    {
        while (await IsRunning(patience))
        {
            if (_halt.RestsAt(Current().LastCheckpointSlot))
            {
                return true; // an earlier try got through, only its answer did not
            }

            try
            {
                if (await _halt.Halt(Current().Generation))
                {
                    return true;
                }
            }
            catch (CheckpointException e)
            {
                throw new InvalidOperationException($"The state of the run '{run}' cannot be saved, and it goes on: {e.Message}", e);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException or StageLostException)
            {
                await Task.Delay(MinWait, time); // the source is gone, which is a loss like any other
            }
        }

        return false;
    }

    private async Task<bool> IsRunning(TimeSpan patience)
    {
        var started = time.GetTimestamp();
        while (
            !_isOutdated
            && journal.Works
            && Current().State != RunState.Running
            && (patience < TimeSpan.Zero || time.GetElapsedTime(started) < patience)
        )
        {
            await Task.Delay(MinWait, time);
        }

        return _isOutdated ? throw TakenOver() : journal.Works && Current().State == RunState.Running;
    }

    private async Task Rest(RunState state, string? why = null)
    {
        journal.Change(Current() with { State = state, Error = why ?? Current().Error });
        var (when, then) = (AfterSlot(), state is RunState.Paused ? "it is paused" : "it goes on with its next coordinator");
        LogRests(when, then);
        store.Mark();
        await stages.Close(Current().Generation, StageTopology.Of(Current().Spec).Parts.Count);
        await store.Flush();
    }

    private void RequireBegun()
    {
        if (!journal.Works || Current().State == RunState.Queued)
        {
            throw new InvalidInputException(
                $"The run '{run}' is {Current().State.ToString().ToLowerInvariant()}, expected one that is running or paused."
            );
        }
    }
}
