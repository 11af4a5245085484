using ForwardForward.Contracts.Experiments;
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
}
