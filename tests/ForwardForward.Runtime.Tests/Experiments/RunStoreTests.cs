using System.Reflection;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Runtime.Experiments;
using Microsoft.Extensions.Logging.Abstractions;

namespace ForwardForward.Runtime.Tests.Experiments;

public class RunStoreTests
{
    [Fact]
    public async Task A_run_that_was_refused_is_not_told_to_be_over()
    {
        var index = DispatchProxy.Create<IRunIndexGrain, Strict>();
        var writer = new RunWriter("silo-1", Contract: 1, Version: "1.0.0");
        var store = new RunStore("refused", null!, new RunJournal(TimeProvider.System), index, writer, NullLogger.Instance);

        await store.Retire();

        Assert.Equal(0, ((Strict)(object)index).Calls);
    }

    /// <summary>An index that counts who calls it.</summary>
    public class Strict : DispatchProxy
    {
        public int Calls { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Calls++;
            return Task.CompletedTask;
        }
    }
}
