using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Telemetry;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Experiments;

/// <summary>
/// Leads one run from its first slot to its last, whatever is lost on the way. It knows no grains: all that it asks of a cluster goes
/// through three interfaces, so that the simulation runs this very code under a seeded scheduler. Calls come one at a time and interleave
/// where they await.
/// </summary>
internal sealed partial class RunCoordinator(
    string run,
    RunJournal journal,
    IRunStages stages,
    IRunCheckpoints checkpoints,
    IRunStore store,
    TimeProvider time,
    ILogger logger,
    ILessonFile? lessonFile = null
)
{
    private readonly ILogger _logger = logger;
    private readonly SortedDictionary<int, byte[]> _digests = [];
    private readonly HashSet<SiloAddress> _leaving = [];
    private SlotPlan? _plan;
    private Task _closed = Task.CompletedTask;
    private readonly FifoAsyncLock _commits = new();

    /// <summary>Whether nothing is left to do or to write.</summary>
    public bool IsIdle => !journal.Works && !store.IsDirty;

    /// <summary>Starts the run; answers when its first slot is on its way.</summary>
    /// <exception cref="RunExistsException">The name is taken.</exception>
    /// <exception cref="InvalidInputException">
    /// Spec or data cannot be used, or there is no checkpoint to go on from; nothing is left behind.
    /// </exception>
    public async Task<RunStatus> Start(RunRequest request)
    {
        if (journal.Status is not null)
        {
            throw RunExistsException.Named(run);
        }

        RunName.Check(run);
        SpecReader.Validate(request.Spec, run);
        journal.Change(
            new RunStatus
            {
                Run = run,
                State = RunState.Queued,
                Spec = request.Spec,
                Preset = request.Preset,
                StartedAt = time.GetUtcNow(),
            }
        );
        using var activity = FFActivities.Begin("ff.run.start", run, Current());
        try
        {
            await store.Claim();
            _fenced = 0;
            var basis = await stages.Settle(request.Spec);
            journal.Change(
                Current() with
                {
                    Spec = basis.Spec,
                    Data = basis.Data,
                    Fingerprint = basis.Fingerprint,
                    Slots = PlanOf(basis.Spec, basis.Data).SlotCount,
                }
            );
            TakeUpLessons(request.Lessons);
            await Cleared(() => checkpoints.RemoveUnfinished(int.MaxValue)); // of a program that was killed
            await Open(request.GoesOn ? await EarlierOrBeginning() : null, measures: true);
            await store.Flush(); // whoever comes after this coordinator must know that the run has begun
            return Current();
        }
        catch (Exception)
        {
            await Withdraw();
            throw;
        }
    }

    public async Task Cancel()
    {
        if (journal.Works)
        {
            End(Current() with { State = RunState.Failed, Error = "The run was cancelled." });
        }

        await _closed;
    }

    /// <exception cref="InvalidInputException">No run was started under this name.</exception>
    public RunStatus Current() => journal.Status ?? throw new InvalidInputException($"There is no run named '{run}'.");

    private async Task Open(CheckpointManifest? checkpoint, bool measures)
    {
        var status = Current();
        _plan = PlanOf(status);
        var assignment = new StageAssignment(
            run,
            status.Generation,
            status.Spec,
            status.Data!,
            checkpoint is null ? null : checkpoint with { Journal = CheckpointManifest.EmptyJournal, Lessons = null }
        );
        var opened = await stages.Open(assignment, status.Fingerprint, _leaving);
        var moves = PlacementText.Moves(status.Plan, opened.Plan);
        LogPlaced(moves, opened.Reason);
        var matrixRate = measures
            ? await stages.MatrixRate(new RunBasis(status.Spec, status.Data!, status.Fingerprint))
            : status.MatrixRate;
        if (!IsAt(assignment.Generation))
        {
            throw new OperationCanceledException("The run was cancelled before its first slot.");
        }

        _digests.Clear();
        _certain.Clear();
        Heard();
        journal.Change(
            Current() with
            {
                State = RunState.Running,
                Error = null,
                Plan = opened.Plan,
                PlanReason = opened.Reason,
                MatrixRate = matrixRate,
                Kernels = StageKernels.Union(Current().Kernels, opened.Kernels),
                Versions = StageVersions.Union(Current().Versions, opened.Versions),
                FirstSlot = assignment.FirstSlot,
            }
        );
        NoteGoingOn(status.Plan, checkpoint?.Slot);
        SayThatItGoesOn(assignment.FirstSlot);
        store.Mark();
        await stages.Start(assignment with { Lessons = [.. _lessons.All] });
    }

    private void End(RunStatus final)
    {
        journal.Change(final);
        store.Mark();
        LogEnded(final.State, final.StateHash ?? final.Error ?? "");
        _halt.Abandon();
        // not awaited: the worker that reported waits for our answer
        _closed = stages.Close(final.Generation, StageTopology.Of(final.Spec).Parts.Count);
    }

    // As if the run had never been asked for.
    private async Task Withdraw()
    {
        await _closed;
        await stages.Close(Current().Generation, StageTopology.Of(Current().Spec).Parts.Count);
        journal.Clear();
        try
        {
            await store.Clear();
        }
        catch (Exception e)
        {
            LogNotWithdrawn(e.Message); // the storage does not answer: what it keeps is a name in a list
        }
    }

    private bool IsAt(int generation) => journal.Works && journal.Status!.Generation == generation;

    private static SlotPlan PlanOf(ExperimentSpec spec, DataShape data) => new(spec, data.TrainImages, data.TestImages, data.Classes);

    private static SlotPlan PlanOf(RunStatus run) =>
        new(run.Spec, run.Data!.TrainImages, run.Data.TestImages, run.Data.Classes, run.Streamed);
}
