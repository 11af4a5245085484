using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Placement;
using ForwardForward.Runtime.Telemetry;

namespace ForwardForward.Runtime.Experiments;

/// <content>What the coordinator hears of its stages. What speaks for an older generation is not heard.</content>
internal sealed partial class RunCoordinator
{
    // of a layer over those above it, which may have failed at an earlier slot
    private static readonly TimeSpan MaxLead = TimeSpan.FromMilliseconds(500);

    private readonly List<(string Sentence, CertainFailure Failure)> _certain = [];

    /// <summary>What stages of one silo tell, in order.</summary>
    public void Told(int generation, IReadOnlyList<StageReport> reports)
    {
        Works(generation);
        foreach (var report in reports)
        {
            Told(generation, report);
        }
    }

    private void Told(int generation, StageReport report)
    {
        if (report.Measured is { } measured)
        {
            Measured(generation, measured, report.InboxDepth);
        }

        if (report.Evaluated is { } evaluated)
        {
            Evaluated(generation, evaluated);
        }

        if (report.Streamed is { } streamed)
        {
            Streamed(generation, streamed);
        }

        if (report.Through is { } slot)
        {
            Progressed(generation, slot);
        }

        if (report is { CheckpointSlot: { } saved, Saved: { } file })
        {
            Saved(generation, saved, file);
        }

        if (report is { CheckpointSlot: { } missed, NotSaved: { } reason })
        {
            NotSaved(generation, missed, reason);
        }
    }

    public void Measured(int generation, LayerMeasurement measurement, int inboxDepth) =>
        If(generation, () => journal.Add(measurement, inboxDepth));

    public void Evaluated(int generation, Evaluation evaluation) =>
        If(
            generation,
            () =>
            {
                journal.Add(evaluation);
                journal.Change(Current() with { LastEvaluation = evaluation });
                store.Mark();
            }
        );

    public bool? Begins(int generation, int epoch)
    {
        bool? begins = null;
        If(
            generation,
            () =>
                begins = EarlyStopping.Begins(
                    Current().Spec,
                    epoch,
                    journal.Events.Select(measured => measured.Evaluation).OfType<Evaluation>()
                )
        );
        return begins;
    }

    public void Progressed(int generation, long slot) =>
        If(
            generation,
            () =>
            {
                journal.Change(Through(slot));
                NoteCatchingUp(slot);
            }
        );

    public void Works(int generation) => If(generation, () => { });

    public void Ended(int generation, int stage, byte[] digest) =>
        If(
            generation,
            () =>
            {
                _digests[stage] = digest;
                if (_digests.Count == StageTopology.Of(Current().Spec).Parts.Count + 1)
                {
                    _ = Finish(generation); // not awaited: the stage that reported waits for our answer
                }
            }
        );

    public void Saved(int generation, long slot, CheckpointFile file) =>
        If(
            generation,
            () =>
            {
                if (checkpoints.Add(Current(), slot, file) is { } manifest)
                {
                    _ = _commits.Pass(() => Commit(manifest)); // not awaited: the stage that reported goes on
                }
                else if (checkpoints.IsLost(new CheckpointId(slot, generation)))
                {
                    Discard(new CheckpointId(slot, generation));
                }
            }
        );

    public void NotSaved(int generation, long slot, string reason) =>
        If(generation, () => Miss(new CheckpointId(slot, generation), reason));

    public void Failed(int generation, string stage, string message, bool isLoss, CertainFailure? certain = null) =>
        If(
            generation,
            () =>
            {
                if (Current().State == RunState.Queued)
                {
                    return; // whoever starts the run hears of it
                }

                if (certain is not null)
                {
                    _certain.Add((message, certain));
                    _ = _certain.Count == 1 ? EndInVain(generation) : null; // not awaited: the stage that reported waits for our answer
                    return;
                }

                Lose(
                    isLoss ? stages.Lost() ?? $"The {stage} lost a neighbour: {message}" : $"The {stage} failed: {message}",
                    isFailure: !isLoss
                );
            }
        );

    // The failure that comes first in the order of slots, which is the one that a run without a pipeline would end with.
    private async Task EndInVain(int generation)
    {
        await Task.Delay(MaxLead, time);
        if (IsAt(generation))
        {
            var first = _certain.OrderBy(one => one.Failure.Slot).ThenBy(one => one.Failure.IsEcho).First();
            End(Current() with { State = RunState.Failed, Error = first.Sentence });
        }
    }

    /// <returns>Whether it was made.</returns>
    private async Task<bool> Commit(CheckpointManifest manifest)
    {
        var unrecorded = await Unrecorded();
        if (!IsAt(manifest.Generation))
        {
            // it waited for the one before, and the journal may have gone back meanwhile: what was measured up to this slot is not in it
            return false;
        }

        if (unrecorded is not null)
        {
            Miss(manifest.Id, unrecorded);
            return false;
        }

        using var activity = FFActivities.Begin("ff.checkpoint.commit", run, Current(), manifest.Slot);

        // Every undisturbed run has those of the plan; where a run was brought to rest is its own affair.
        var trace = _plan!.IsCheckpoint(manifest.Slot)
            ? new StateTrace(manifest.Slot, [.. manifest.Files.Select(file => file.Sha256)])
            : null;
        try
        {
            var lessons = _lessons.All.Count == 0 ? null : LessonJournal.Write(_lessons.All);
            Tell(await checkpoints.Commit(manifest with { Lessons = lessons }, journal.Upto(manifest.Slot, trace)));
        }
        catch (Exception e) when (e is CheckpointException or OrleansException or TimeoutException)
        {
            Miss(manifest.Id, e.Message);
            return false;
        }

        var isFirst = journal.Works && Current().LastCheckpointSlot is null;
        if (journal.Works)
        {
            if (trace is not null && IsAt(manifest.Generation))
            {
                NoteCatchingUp(manifest.Slot);
                journal.Add(trace);
            }

            journal.Change(
                (IsAt(manifest.Generation) ? Through(manifest.Slot) : Current()) with
                {
                    LastCheckpointSlot = Math.Max(manifest.Slot, Current().LastCheckpointSlot ?? 0),
                    WithoutNet = null,
                }
            );
            store.Mark();
        }

        if (IsAt(manifest.Generation))
        {
            _halt.Committed(manifest.Slot);
        }

        if (isFirst)
        {
            await store.Flush(); // whoever comes after this coordinator must know that there is a checkpoint to look for
        }

        return true;
    }

    // The readout tells of few slots, and a checkpoint that it has its part in tells of one as well.
    private void NoteCatchingUp(long slot)
    {
        if (_catchesUp is var (before, since) && slot >= before)
        {
            var seconds = time.GetElapsedTime(since).TotalSeconds;
            _catchesUp = null;
            LogCaughtUp(slot, seconds);
        }
    }

    private RunStatus Through(long slot) =>
        slot < Current().Slot ? Current() : Current() with { Slot = slot + 1, Epoch = _plan![slot].Epoch + 1 };

    private async Task Finish(int generation)
    {
        // A run is done when its last checkpoint is. Of one whose last report was lost nobody has heard, and every stage is done with it.
        // Nor is it while nobody knows whether the source let a lesson in: where it did, the stages are done with another run.
        await _commits.Pass(() => Cleared(() => checkpoints.RemoveUnfinished(generation + 1)));
        await Unrecorded();
        if (IsAt(generation))
        {
            var through = Current() with { State = RunState.Done, StateHash = StateHash.OfRun(_digests.Values) };
            End(EndedEarly(through) ? through with { Epoch = through.LastEvaluation!.Epoch, Slots = through.Slot } : through);
        }
    }

    private static bool EndedEarly(RunStatus status) => status.LastEvaluation is { } test && test.Epoch < status.Spec.Epochs;

    private void If(int generation, Action report)
    {
        if (generation > _fenced)
        {
            Outdate(); // it has opened nothing of that generation, so another one has
        }

        // An answer says that something was heard: a stage that has one goes on to save what comes after it.
        if (_isOutdated || !IsAt(generation))
        {
            throw new StageLostException($"This coordinator of the run '{run}' does not hear generation {generation}.");
        }

        Heard();
        report();
    }
}
