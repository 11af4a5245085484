using ForwardForward.Contracts.Experiments;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Runtime.Tests.Pipeline;

public class ReportLineTests
{
    [Fact]
    public async Task What_is_told_while_a_call_is_under_way_goes_with_the_next_in_order()
    {
        var (calls, answer) = (new List<long[]>(), new TaskCompletionSource());
        var line = new ReportLine(
            reports =>
            {
                calls.Add([.. reports.Select(report => report.Through!.Value)]);
                return calls.Count == 1 ? answer.Task : Task.CompletedTask;
            },
            TimeProvider.System
        );

        var first = line.Tell(Through(1));
        while (calls.Count == 0)
        {
            await Task.Yield();
        }

        line.Post(Through(2));
        line.Post(Through(3));
        var last = line.Tell(Through(4));
        Assert.False(first.IsCompleted || last.IsCompleted);
        answer.SetResult();
        await line.Flush();

        Assert.True(first.IsCompletedSuccessfully && last.IsCompletedSuccessfully);
        Assert.Equal(
            [
                [1],
                [2, 3, 4],
            ],
            calls
        );
    }

    [Fact]
    public async Task After_a_call_that_failed_nothing_is_told_and_who_tells_hears_why()
    {
        var calls = 0;
        var line = new ReportLine(
            _ =>
            {
                calls++;
                return Task.FromException(new TimeoutException("Nobody answers."));
            },
            TimeProvider.System
        );

        await Assert.ThrowsAsync<TimeoutException>(() => line.Tell(Through(1)));
        await Assert.ThrowsAsync<TimeoutException>(() => line.Tell(Through(2)));

        Assert.Equal(1, calls);
    }

    private static StageReport Through(long slot) => new() { Through = slot };
}
