using System.Collections.Immutable;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Runtime.Experiments;

/// <summary>What was taught to one run, in the order in which it was taken: its journal of lessons.</summary>
internal sealed class RunLessons
{
    private ImmutableList<Lesson> _lessons = []; // read by who looks at gauges while it grows
    private readonly Dictionary<string, int> _numbers = [];

    public IReadOnlyList<Lesson> All => _lessons;

    /// <returns>Number of a lesson; null: there is no such one.</returns>
    public int? Find(string id) => _numbers.TryGetValue(id, out var number) ? number : null;

    public void Add(Lesson lesson)
    {
        _numbers.Add(lesson.Id, _lessons.Count);
        _lessons = _lessons.Add(lesson);
    }

    public void Change(int number, Lesson lesson) => _lessons = _lessons.SetItem(number, lesson);

    /// <param name="slots">That are through the whole network.</param>
    /// <returns>When the oldest of the lessons was taken that the network has not yet been shown; null: none waits.</returns>
    public DateTimeOffset? OldestWaiting(long slots) =>
        _lessons.Where(lesson => lesson.Slot >= slots && lesson.TakenBack is null).Select(lesson => (DateTimeOffset?)lesson.At).Min();

    /// <summary>
    /// Takes up another copy of the journal. Both are of one list that only grew, so what one of them lacks comes after what both have, or
    /// was taken back since.
    /// </summary>
    public void TakeUp(IReadOnlyList<Lesson> copy)
    {
        for (var i = 0; i < copy.Count; i++)
        {
            if (Find(copy[i].Id) is not { } number)
            {
                Add(copy[i]);
            }
            else if (_lessons[number].TakenBack is null)
            {
                Change(number, copy[i]);
            }
        }
    }

    /// <summary>Holds a checkpoint against the journal: it must have seen all that was taught, and taken back, before it.</summary>
    /// <param name="seen">That it has.</param>
    /// <param name="plan">Of the run.</param>
    /// <returns>What it has not seen; null: it is of this run's course.</returns>
    public Lesson? Unseen(CheckpointManifest checkpoint, IReadOnlyList<Lesson> seen, SlotPlan plan)
    {
        var known = seen.ToDictionary(lesson => lesson.Id);
        bool IsBefore(long batch) => batch < plan.Batches && plan.FirstOf(batch) <= checkpoint.Slot;
        return _lessons.Find(lesson =>
            known.TryGetValue(lesson.Id, out var there)
                ? there.TakenBack is null && lesson.TakenBack is { } batch && IsBefore(batch)
                : IsBefore(lesson.Batch)
        );
    }

    public void Clear()
    {
        _lessons = [];
        _numbers.Clear();
    }
}
