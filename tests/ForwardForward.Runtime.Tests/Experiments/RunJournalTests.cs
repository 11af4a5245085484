using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Experiments;

namespace ForwardForward.Runtime.Tests.Experiments;

public sealed class RunJournalTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3_000)]
    [InlineData(int.MaxValue)]
    public void What_was_measured_in_a_long_run_comes_in_as_many_messages_as_it_takes(int mostBytes)
    {
        const int Events = 200;
        var journal = new RunJournal(TimeProvider.System);
        for (var slot = 0; slot < Events; slot++)
        {
            journal.Add(new StateTrace(slot, [.. Enumerable.Repeat(new string('a', 64), slot % 20)]));
        }

        var status = new RunStatus
        {
            Run = "long",
            State = RunState.Done,
            Spec = new ExperimentSpec(),
        };
        var told = new List<RunEvent>();
        RunUpdate news;
        do
        {
            news = journal.News(status, told.Count, mostBytes);
            Assert.True(news.Events.Count == 1 || news.Events.Sum(measured => measured.MaxBytes) <= mostBytes);
            told.AddRange(news.Events);
        } while (news.HasMore);

        Assert.Equal(Enumerable.Range(0, Events).Select(slot => (long)slot), told.Select(measured => measured.Slot));
        Assert.Empty(journal.News(status, long.MaxValue, mostBytes).Events);
    }

    [Fact]
    public void A_watcher_hears_of_what_is_measured_again_in_another_order()
    {
        var running = new RunStatus
        {
            Run = "lost",
            State = RunState.Running,
            Spec = new ExperimentSpec(),
        };
        var journal = new RunJournal(TimeProvider.System);
        journal.Change(running);
        journal.Add(Measured(layer: 1), inboxDepth: 0);
        var recovering = running with { State = RunState.Recovering, Generation = 1 };
        journal.Change(recovering);

        var asked = journal.News(recovering, 0, int.MaxValue); // as a watcher does who hears of another generation
        journal.TakeUp(null);
        journal.Add(Measured(layer: 2), inboxDepth: 0);
        journal.Add(Measured(layer: 1), inboxDepth: 0);
        var then = journal.News(running with { Generation = 1 }, asked.Events.Count, int.MaxValue);

        Assert.Equal([2, 1], asked.Events.Concat(then.Events).Select(measured => measured.Layer!.Layer));
    }

    private static LayerMeasurement Measured(int layer) => new(layer, 9, 1, 1.25, 0.5, 0.125, 0.08);
}
