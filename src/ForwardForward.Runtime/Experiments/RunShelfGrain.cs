using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Runtime.Experiments;

[GenerateSerializer, Alias("ff.shelved-runs")]
public sealed class ShelvedRuns
{
    [Id(0)]
    public IReadOnlyList<RunStatus> Statuses { get; set; } = [];
}

internal sealed class RunShelfGrain([PersistentState("runs", RunRecord.Storage)] IPersistentState<ShelvedRuns> state)
    : Grain,
        IRunShelfGrain
{
    public Task Put(RunStatus last) => Keep([.. state.State.Statuses.Where(one => one.Run != last.Run), last]);

    public Task<IReadOnlyList<RunStatus>> Statuses() => Task.FromResult(state.State.Statuses);

    public Task WriteAgain() => Keep(state.State.Statuses);

    private Task Keep(IReadOnlyList<RunStatus> statuses) => state.Keep(new ShelvedRuns { Statuses = statuses });
}
