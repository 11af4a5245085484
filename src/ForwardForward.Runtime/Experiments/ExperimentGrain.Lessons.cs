using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Runtime.Experiments;

/// <content>What a run is taught while it trains.</content>
internal sealed partial class ExperimentGrain
{
    public Task<LessonReceipt> Teach(Lesson lesson) => Understood.Teach(lesson);

    public Task<LessonReceipt> TakeBack(string id) => Understood.TakeBack(id);

    public Task<IReadOnlyList<Lesson>> Lessons(int first)
    {
        Current();
        var bytes = 0L;
        return Task.FromResult<IReadOnlyList<Lesson>>([
            .. _journal
                .Lessons.All.Skip(first)
                .TakeWhile(lesson => (bytes += lesson.Pixels.Length) <= _limit.Piece || bytes == lesson.Pixels.Length),
        ]);
    }
}
