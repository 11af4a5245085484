using ForwardForward.Contracts.Experiments;
using ForwardForward.Runtime.Experiments;
using Orleans.Storage;

namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>What all coordinators of a run read and write: one record, and who has not seen the last write may not write.</summary>
internal sealed class SimulatedStorage
{
    public RunRecord? Record { get; set; }

    public int Version { get; set; }

    public bool IsDown { get; set; }
}

/// <summary>The record as one activation has it.</summary>
internal sealed class SimulatedRecord : IPersistentState<RunRecord>
{
    private readonly SimulatedWorld _world;
    private int _version;

    public SimulatedRecord(SimulatedWorld world)
    {
        _world = world;
        Take();
    }

    public RunRecord State { get; set; } = new();

    public string? Etag => $"{_version}";

    public bool RecordExists { get; private set; }

    public Task ClearStateAsync() => throw new NotSupportedException("No simulated run is withdrawn.");

    public async Task ReadStateAsync()
    {
        await _world.Pass(2);
        ThrowIfDown();
        Take();
    }

    public async Task WriteStateAsync()
    {
        var written = State;
        await _world.Pass(2);
        ThrowIfDown();
        if (_version != _world.Storage.Version)
        {
            throw new InconsistentStateException("Somebody else has written.");
        }

        var version = _world.Storage.Version + 1;
        (_world.Storage.Record, _world.Storage.Version) = (written, version);
        await _world.Pass(2);
        if (_world.IsLost())
        {
            throw new TimeoutException("The answer did not come."); // and so this activation does not know the version it wrote
        }

        (_version, RecordExists) = (version, true); // not the storage's: another one may have written while the answer was on its way
    }

    private void ThrowIfDown()
    {
        if (_world.Storage.IsDown)
        {
            throw new TimeoutException("The storage does not answer.");
        }
    }

    private void Take()
    {
        (_version, RecordExists) = (_world.Storage.Version, _world.Storage.Record is not null);
        State = _world.Storage.Record ?? new RunRecord();
    }
}

internal sealed class SimulatedIndex : IRunIndexGrain
{
    public Task Add(string run) => Task.CompletedTask;

    public Task WriteAgain() => Task.CompletedTask;

    public Task Remove(string run) => Task.CompletedTask;

    public Task Over(RunStatus last) => Task.CompletedTask;

    public Task<IReadOnlyList<ListedRun>> List() => Task.FromResult<IReadOnlyList<ListedRun>>([]);

    public Task<IReadOnlyList<string>> Names() => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<IReadOnlyList<string>> Unfinished() => Task.FromResult<IReadOnlyList<string>>([]);
}
