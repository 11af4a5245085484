using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Lessons;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Runtime.Sources;

/// <summary>
/// What is taught on its way into the slots. A grain's turns bring it, the source's thread says which batches are made: what comes enters
/// the first that is not, so no slot is ever made twice with other rows.
/// </summary>
internal sealed class SourceLessons
{
    private readonly Lock _lock = new();
    private readonly long _batches;
    private readonly Dictionary<string, long> _known = [];
    private long _next;

    /// <param name="batches">Of the run.</param>
    /// <param name="lessons">What was taught so far.</param>
    /// <param name="generation">Attempt of the run that this is of.</param>
    public SourceLessons(ExperimentSpec spec, long batches, IEnumerable<Lesson> lessons, int generation = 0)
    {
        (_batches, Generation, Schedule) = (batches, generation, new LessonSchedule(spec.BatchSize, spec.Teach));
        foreach (var lesson in lessons)
        {
            _known.Add(lesson.Id, lesson.Batch);
            Schedule.Add(Picture(lesson));
        }
    }

    /// <summary>Attempt of the run that this is of.</summary>
    public int Generation { get; }

    /// <summary>Of an attempt: where it is opened again, because the call came twice, what it was taught meanwhile stays.</summary>
    /// <param name="before">Of whoever had the place before.</param>
    public static SourceLessons Of(StageAssignment assignment, long batches, SourceLessons? before) =>
        before?.Generation == assignment.Generation
            ? before
            : new SourceLessons(assignment.Spec, batches, assignment.Lessons, assignment.Generation);

    /// <summary>Places of what was taught.</summary>
    public LessonSchedule Schedule { get; }

    /// <summary>A lesson as rows are made of it.</summary>
    public static TaughtPicture Picture(Lesson lesson) =>
        new(lesson.Pixels, (byte)lesson.Label, lesson.Batch) { TakenBack = lesson.TakenBack };

    /// <summary>A batch is made now: nothing enters it or one before it any more.</summary>
    /// <param name="batch">-1: none.</param>
    public void Begin(long batch)
    {
        lock (_lock)
        {
            _next = Math.Max(_next, batch + 1);
        }
    }

    /// <returns>The batch that it enters; null where none is left.</returns>
    public long? Teach(Lesson lesson, long notBefore)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(lesson.Id, out var entered))
            {
                return entered; // the message came twice
            }

            var batch = Math.Max(_next, notBefore);
            if (batch >= _batches)
            {
                return null;
            }

            _known.Add(lesson.Id, batch);
            Schedule.Add(Picture(lesson with { Batch = batch }));
            return batch;
        }
    }

    /// <returns>The first batch that is without it.</returns>
    public long TakeBack(int number, long notBefore)
    {
        lock (_lock)
        {
            if (Schedule[number].TakenBack is { } taken)
            {
                return taken; // the message came twice
            }

            var batch = Math.Max(_next, notBefore);
            Schedule.TakeBack(number, batch);
            return batch;
        }
    }
}
