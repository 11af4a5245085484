using ForwardForward.Contracts.Experiments;
using Orleans.Storage;

namespace ForwardForward.Runtime.Experiments;

[GenerateSerializer, Alias("ff.run-names")]
public sealed class RunNames
{
    [Id(0)]
    public List<string> Names { get; set; } = [];

    /// <summary>Those of them that are not known to be over.</summary>
    [Id(1)]
    public List<string> Unfinished { get; set; } = [];
}

internal sealed class RunIndexGrain([PersistentState("names", RunRecord.Storage)] IPersistentState<RunNames> state) : Grain, IRunIndexGrain
{
    public Task Add(string run) => Change(known => (known.Names.Append(run), known.Unfinished.Append(run)));

    public Task Remove(string run) =>
        Change(known => (known.Names.Where(name => name != run), known.Unfinished.Where(name => name != run)));

    public Task Over(string run) => Change(known => (known.Names, known.Unfinished.Where(name => name != run)));

    public Task<IReadOnlyList<string>> Names() => Task.FromResult<IReadOnlyList<string>>([.. state.State.Names]);

    public Task<IReadOnlyList<string>> Unfinished() => Task.FromResult<IReadOnlyList<string>>([.. state.State.Unfinished]);

    public Task WriteAgain() => Change(known => (known.Names, known.Unfinished));

    private async Task Change(Func<RunNames, (IEnumerable<string> Names, IEnumerable<string> Unfinished)> change)
    {
        var (names, unfinished) = change(state.State);
        var changed = state.State = new RunNames { Names = [.. names.Distinct()], Unfinished = [.. unfinished.Distinct()] };
        try
        {
            await state.WriteStateAsync(); // a failure ends this activation, and the next one reads what is stored
        }
        catch (InconsistentStateException)
        {
            await state.ReadStateAsync();
            if (state.RecordExists)
            {
                throw;
            }

            state.State = changed; // the storage has lost it, and nobody else knows
            await state.WriteStateAsync();
        }
    }
}
