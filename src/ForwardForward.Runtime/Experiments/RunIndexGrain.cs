using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Runtime.Experiments;

[GenerateSerializer, Alias("ff.run-names")]
public sealed class RunNames
{
    [Id(0)]
    public List<string> Names { get; set; } = [];

    /// <summary>Those of them that are not known to be over.</summary>
    [Id(1)]
    public List<string> Unfinished { get; set; } = [];

    /// <summary>The shelf of those that are known to be over.</summary>
    [Id(2)]
    public Dictionary<string, int> Shelves { get; set; } = [];
}

internal sealed class RunIndexGrain([PersistentState("names", RunRecord.Storage)] IPersistentState<RunNames> state) : Grain, IRunIndexGrain
{
    public Task Add(string run) =>
        Change(known => known with { Names = known.Names.Append(run), Unfinished = known.Unfinished.Append(run) });

    public Task Remove(string run) =>
        Change(known => new Known(
            known.Names.Where(name => name != run),
            known.Unfinished.Where(name => name != run),
            known.Shelves.Where(shelf => shelf.Key != run)
        ));

    public async Task Over(RunStatus last)
    {
        var (run, shelves) = (last.Run, state.State.Shelves);
        if (shelves.ContainsKey(run) && !state.State.Unfinished.Contains(run))
        {
            return; // told again by a coordinator that has come up
        }

        var shelf = shelves.TryGetValue(run, out var known) ? known : shelves.Count / IRunShelfGrain.Runs;
        await Shelf(shelf).Put(last);
        await Change(before =>
            before with
            {
                Unfinished = before.Unfinished.Where(name => name != run),
                Shelves = before.Shelves.Where(one => one.Key != run).Append(new(run, shelf)),
            }
        );
    }

    public Task<IReadOnlyList<string>> Names() => Task.FromResult<IReadOnlyList<string>>([.. state.State.Names]);

    public Task<IReadOnlyList<ListedRun>> List() =>
        Task.FromResult<IReadOnlyList<ListedRun>>([
            .. state.State.Names.Select(run => new ListedRun(run, state.State.Shelves.TryGetValue(run, out var shelf) ? shelf : null)),
        ]);

    public Task<IReadOnlyList<string>> Unfinished() => Task.FromResult<IReadOnlyList<string>>([.. state.State.Unfinished]);

    public async Task WriteAgain()
    {
        await Change(known => known);
        await Task.WhenAll(state.State.Shelves.Values.Distinct().Select(shelf => Shelf(shelf).WriteAgain()));
    }

    private IRunShelfGrain Shelf(int key) => GrainFactory.GetGrain<IRunShelfGrain>(key);

    private Task Change(Func<Known, Known> change)
    {
        var changed = change(new Known(state.State.Names, state.State.Unfinished, state.State.Shelves));
        return state.Keep(
            new RunNames
            {
                Names = [.. changed.Names.Distinct()],
                Unfinished = [.. changed.Unfinished.Distinct()],
                Shelves = new(changed.Shelves),
            }
        );
    }

    private sealed record Known(IEnumerable<string> Names, IEnumerable<string> Unfinished, IEnumerable<KeyValuePair<string, int>> Shelves);
}
