using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Experiments;

/// <content>
/// What is taught while the run trains. The source says which batch a lesson enters, since it alone knows which are made; the journal has
/// it from then on, in every checkpoint that could have seen it and, before anybody is told that it was taken, in the run's record. So
/// whatever is taken up after a loss is of one course, and nothing that was acknowledged is missing in it.
/// </content>
internal sealed partial class RunCoordinator
{
    private const int MaxTries = 5;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);
    private readonly FifoAsyncLock _teaching = new();
    private readonly RunLessons _lessons = journal.Lessons;
    private bool _isUnkept; // whether the journal has what the record may lack
    private long _furthest = -1; // the last slot that a checkpoint may be of, in whatever generation

    /// <inheritdoc cref="IExperimentGrain.Teach"/>
    public Task<LessonReceipt> Teach(Lesson asked) =>
        _teaching.Pass(async () =>
        {
            var sha256 = LessonJournal.Digest(asked.Pixels);
            if (_lessons.Find(asked.Id) is { } number)
            {
                var known = _lessons.All[number];
                RequireSame(known, asked, sha256);
                await Keep();
                return new LessonReceipt(known, IsNew: false);
            }

            RequireTeachable(asked);
            asked = asked with { Who = Shortened(asked.Who) };
            var notBefore = FirstOpenBatch();
            var batch =
                await FromSource(generation => stages.Teach(generation, asked, notBefore))
                ?? throw new InvalidInputException(
                    $"The run '{run}' has no mini-batch left that could show a lesson, expected one that trains on."
                );
            var lesson = asked with
            {
                At = time.GetUtcNow(),
                Batch = batch,
                Slot = _plan!.FirstOf(batch),
                Sha256 = sha256,
                TakenBack = null,
            };
            _lessons.Add(lesson);
            await Keep();
            return new LessonReceipt(lesson, IsNew: true);
        });

    /// <inheritdoc cref="IExperimentGrain.TakeBack"/>
    public Task<LessonReceipt> TakeBack(string id) =>
        _teaching.Pass(async () =>
        {
            if (_lessons.Find(id) is not { } number)
            {
                Current();
                throw new InvalidInputException($"The run '{run}' was taught no lesson of this id.");
            }

            var isNew = _lessons.All[number].TakenBack is null;
            if (isNew)
            {
                RequireRunning();
                var notBefore = FirstOpenBatch();
                var batch = await FromSource(generation => stages.TakeBack(generation, number, notBefore));
                _lessons.Change(number, _lessons.All[number] with { TakenBack = batch });
            }

            await Keep();
            return new LessonReceipt(_lessons.All[number], isNew);
        });

    // A lesson that the source has let in is in the journal, and in the record, before anything is committed that may have seen it: else
    // a coordinator that has been replaced, and does not know it, could commit what its successor has never heard of.
    private Task<string?> Unrecorded() =>
        _teaching.Pass(async () =>
        {
            try
            {
                if (_isUnkept)
                {
                    await Keep();
                }

                return null;
            }
            catch (BusyException e)
            {
                return e.Message;
            }
        });

    // One that a coordinator which was replaced has committed since, without what was taught to its successor, is of no use to anybody.
    private async Task<CheckpointSearch> Newest()
    {
        while (true)
        {
            var search = await checkpoints.Latest(Current());
            if (search.Latest is not { } newest || Unseen(newest) is not { } missing)
            {
                return search;
            }

            LogSkipped(LogLevel.Warning, $"The checkpoint of slot {newest.Slot} has not seen the lesson {missing.Id}, and is removed.");
            await Cleared(() => checkpoints.Discard(newest.Id));
        }
    }

    // What the source was asked it may have done although its answer was lost: then what follows in this generation is of no use.
    private async Task<T> FromSource<T>(Func<int, Task<T>> ask)
    {
        var generation = Current().Generation;
        try
        {
            var answer = await ask(generation);
            return IsAt(generation) ? answer : throw TakenUpAgain();
        }
        catch (StageLostException)
        {
            throw TakenUpAgain(); // it has done nothing
        }
        catch (Exception e) when (e is not BusyException)
        {
            if (IsAt(generation))
            {
                Lose($"The source has not answered whether it took a lesson: {e.Message}");
            }

            throw TakenUpAgain();
        }
    }

    private async Task Keep()
    {
        _isUnkept = true;
        store.Mark();
        journal.Change(Current() with { Lessons = _lessons.All.Count });
        try
        {
            lessonFile?.Write(_lessons.All);
        }
        catch (IOException e)
        {
            throw new BusyException($"What was taught to the run '{run}' cannot be kept now, send it again: {e.Message}");
        }

        for (var tries = 0; tries < MaxTries; tries++)
        {
            try
            {
                await store.Flush();
            }
            catch (RunTakenOverException)
            {
                Outdate();
                throw TakenUpAgain();
            }

            if (!store.IsDirty)
            {
                _isUnkept = false;
                return;
            }

            await Task.Delay(BetweenTries, time);
        }

        throw new BusyException($"The cluster cannot keep what was taught to the run '{run}' now: send it again.");
    }

    private long FirstOpenBatch()
    {
        NoteFurthest();
        return _furthest < 0 ? 0 : _plan!.BatchAfter(_furthest);
    }

    // Before the run goes back to a checkpoint: newer ones may turn up, which have not seen what is taught from here on.
    private void NoteFurthest() => _furthest = Math.Max(_furthest, Math.Max(Current().Slot - 1, Current().LastCheckpointSlot ?? -1));

    private static string Shortened(string? who) => who?[..Math.Min(who.Length, Lesson.MaxName)] ?? "";

    private void RequireTeachable(Lesson asked)
    {
        RequireRunning();
        RequireNoStream();
        var data = Current().Data!;
        if (LessonJournal.Fault(asked, data.Pixels, data.Classes) is { } fault)
        {
            throw new InvalidInputException($"The lesson for the run '{run}' cannot be taken: {fault}.");
        }

        if (_lessons.All.Count >= LessonJournal.Most(data.Pixels))
        {
            throw new InvalidInputException(
                $"The run '{run}' was taught {_lessons.All.Count} lessons, expected at most {LessonJournal.Most(data.Pixels)}."
            );
        }
    }

    private void RequireRunning()
    {
        switch (Current().State)
        {
            case RunState.Running:
                return;
            case RunState.Recovering or RunState.Queued:
                throw TakenUpAgain();
            default:
                throw new InvalidInputException(
                    $"The run '{run}' is {Current().State.ToString().ToLowerInvariant()}, expected one that trains: only then can it be "
                        + "taught."
                );
        }
    }

    private void RequireSame(Lesson known, Lesson asked, string sha256)
    {
        if (known.Sha256 != sha256 || known.Label != asked.Label)
        {
            throw new InvalidInputException(
                $"The run '{run}' was taught another picture or label under the id '{known.Id}', expected a new id for a new lesson."
            );
        }
    }

    /// <exception cref="InvalidInputException">They do not fit the run.</exception>
    private void TakeUpLessons(IReadOnlyList<Lesson> given)
    {
        var (data, plan) = (Current().Data!, PlanOf(Current().Spec, Current().Data!));
        LessonJournal.Require(given, data.Pixels, data.Classes, "The journal of lessons");
        if (given.Count > 0)
        {
            RequireNoStream();
        }

        _lessons.TakeUp([
            .. given.Select(lesson => lesson with { Slot = lesson.Batch < plan.Batches ? plan.FirstOf(lesson.Batch) : plan.SlotCount }),
        ]);
        journal.Change(Current() with { Lessons = _lessons.All.Count });
        lessonFile?.Write(_lessons.All);
    }

    private void TakeUpLessons(CheckpointManifest? checkpoint)
    {
        if (checkpoint is not null)
        {
            _lessons.TakeUp(LessonsOf(checkpoint));
        }

        journal.Change(Current() with { Lessons = _lessons.All.Count });
        lessonFile?.Write(_lessons.All);
    }

    private Lesson? Unseen(CheckpointManifest checkpoint) =>
        _lessons.Unseen(checkpoint, LessonsOf(checkpoint), PlanOf(Current().Spec, Current().Data!));

    private static IReadOnlyList<Lesson> LessonsOf(CheckpointManifest checkpoint)
    {
        try
        {
            return checkpoint.Lessons is null ? [] : LessonJournal.Read(checkpoint.Lessons);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new CheckpointException("The lessons of a checkpoint cannot be read although its seal is right.", e);
        }
    }

    private BusyException TakenUpAgain() => new($"The run '{run}' is being taken up now: send it again in a moment.");
}
