using ForwardForward.Contracts.Experiments;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Experiments;

[GenerateSerializer, Alias("ff.run-names")]
public sealed class RunNames
{
    [Id(0)] public List<string> Names { get; set; } = [];
}

internal sealed class RunIndexGrain([PersistentState("names", RunRecord.Storage)] IPersistentState<RunNames> state) : Grain, IRunIndexGrain
{
    public Task Add(string run) => Change(names => names.Add(run));

    public Task Remove(string run) => Change(names => names.Remove(run));

    public Task<IReadOnlyList<string>> Names() => Task.FromResult<IReadOnlyList<string>>([.. state.State.Names]);

    private async Task Change(Action<List<string>> change)
    {
        var names = state.State.Names.ToList();
        change(names);
        state.State = new RunNames { Names = names };
        await state.WriteStateAsync(); // a failure ends this activation, and the next one reads what is stored
    }
}
