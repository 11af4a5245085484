using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Silo.Lessons;

/// <summary>What is said of a lesson that was taken.</summary>
/// <param name="Batch">The mini-batch that it enters.</param>
/// <param name="Slot">In which that batch first goes up.</param>
/// <param name="IsNew">False where the same id had been sent before.</param>
internal sealed record TaughtAnswer(string Run, string Id, int Label, long Batch, long Slot, string Sha256, long? TakenBack, bool IsNew)
{
    public static TaughtAnswer Of(string run, LessonReceipt receipt) =>
        new(
            run,
            receipt.Lesson.Id,
            receipt.Lesson.Label,
            receipt.Lesson.Batch,
            receipt.Lesson.Slot,
            receipt.Lesson.Sha256,
            receipt.Lesson.TakenBack,
            receipt.IsNew
        );
}

/// <summary>A lesson of a run's journal.</summary>
/// <param name="TakenBack">The first mini-batch that shows it no more; null: none.</param>
/// <param name="Picture">As a data URI.</param>
internal sealed record LessonAnswer(
    string Id,
    int Label,
    string Who,
    DateTimeOffset At,
    long Batch,
    long Slot,
    string Sha256,
    long? TakenBack,
    string Picture
);

/// <summary>The newest lessons of a run, in the order in which they were taken.</summary>
/// <param name="Count">Of all that it was taught.</param>
internal sealed record LessonsAnswer(string Run, int Count, IReadOnlyList<LessonAnswer> Lessons);
