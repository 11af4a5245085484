using System.Globalization;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Experiments;

namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>What a stage is after a slot.</summary>
internal sealed record StagePart(ulong State, IReadOnlyList<(long Batch, ulong Answer)> Pending);

/// <summary>Storage that all silos share. It holds what was written and nothing else, and a checkpoint only with its manifest.</summary>
internal sealed class SimulatedDisk
{
    private const int Kept = 2;
    private readonly Dictionary<(CheckpointId Id, string Name), StagePart> _parts = [];
    private readonly SortedDictionary<(long Slot, int Generation), CheckpointManifest> _manifests = [];

    /// <summary>The newest checkpoint that was ever complete.</summary>
    public long NewestSlot { get; private set; } = -1;

    /// <summary>Every state that a complete checkpoint has ever held.</summary>
    public List<(CheckpointManifest Manifest, string Name, StagePart Part)> Committed { get; } = [];

    public bool IsFull { get; set; }

    public CheckpointFile Write(CheckpointId id, string name, StagePart part)
    {
        if (IsFull)
        {
            throw new CheckpointException("The disk is full.");
        }

        _parts[(id, name)] = part;
        return new CheckpointFile(name, sizeof(ulong), part.State.ToString("x64", CultureInfo.InvariantCulture));
    }

    public StagePart Read(CheckpointId id, string name) => _parts[(id, name)];

    public void Commit(CheckpointManifest manifest)
    {
        if (IsFull)
        {
            throw new CheckpointException("The disk is full.");
        }

        foreach (var file in manifest.Files)
        {
            Committed.Add(
                (
                    manifest,
                    file.Name,
                    _parts.TryGetValue((manifest.Id, file.Name), out var part)
                        ? part
                        : throw new CheckpointException($"{file.Name} is not there.")
                )
            );
        }

        _manifests[(manifest.Slot, manifest.Generation)] = manifest;
        NewestSlot = Math.Max(NewestSlot, manifest.Slot);
        foreach (var old in _manifests.Keys.SkipLast(Kept).ToList())
        {
            _manifests.Remove(old);
        }

        Remove(part =>
            (part.Id.Generation, part.Id.Slot).CompareTo((manifest.Generation, manifest.Slot)) < 0
            && !_manifests.ContainsKey((part.Id.Slot, part.Id.Generation))
        );
    }

    public void Discard(CheckpointId id)
    {
        _manifests.Remove((id.Slot, id.Generation));
        Remove(part => part.Id == id);
    }

    public void RemoveUnfinished(int generation) =>
        Remove(part => part.Id.Generation < generation && !_manifests.ContainsKey((part.Id.Slot, part.Id.Generation)));

    /// <summary>Parts of checkpoints that are not there.</summary>
    public IEnumerable<CheckpointId> Unfinished =>
        _parts.Keys.Select(part => part.Id).Where(id => !_manifests.ContainsKey((id.Slot, id.Generation)));

    private void Remove(Func<(CheckpointId Id, string Name), bool> what) =>
        _parts.Keys.Where(what).ToList().ForEach(part => _parts.Remove(part));

    public CheckpointManifest? Latest => _manifests.Count == 0 ? null : _manifests.Last().Value;
}

/// <summary>The disk as a coordinator sees it: everything takes time, in which its silo may die.</summary>
internal sealed class SimulatedCheckpoints(SimulatedWorld world) : IRunCheckpoints
{
    private readonly PendingCheckpoints _parts = new();

    public CheckpointManifest? Add(RunStatus run, long slot, CheckpointFile part) => _parts.Add(run, slot, part);

    public async Task<IReadOnlyList<string>> Commit(CheckpointManifest manifest, IReadOnlyList<RunEvent> measured)
    {
        await world.Pass(20);
        world.Disk.Commit(manifest with { Journal = JournalText.Write(measured) });
        await world.Pass(5); // removes older ones
        return [];
    }

    public bool Lose(CheckpointId id) => _parts.Lose(id);

    public bool IsLost(CheckpointId id) => _parts.IsLost(id);

    public async Task<IReadOnlyList<string>> Discard(CheckpointId id)
    {
        await world.Pass(5);
        world.Disk.Discard(id);
        return [];
    }

    public async Task<IReadOnlyList<string>> RemoveUnfinished(int generation)
    {
        await world.Pass(5);
        world.Disk.RemoveUnfinished(generation);
        return [];
    }

    public async Task<CheckpointSearch> Latest(RunStatus run)
    {
        _parts.Clear();
        await world.Pass(20);
        Assert.Equal(SpecReader.Write(run.Spec), world.Disk.Latest?.Spec ?? SpecReader.Write(run.Spec));
        return new CheckpointSearch(world.Disk.Latest, []);
    }
}
