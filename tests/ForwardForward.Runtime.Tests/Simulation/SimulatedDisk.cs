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
    public List<(long Slot, string Name, StagePart Part)> Committed { get; } = [];

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
            Committed.Add((manifest.Slot, file.Name, _parts.TryGetValue((manifest.Id, file.Name), out var part) ? part : throw new CheckpointException($"{file.Name} is not there.")));
        }

        _manifests[(manifest.Slot, manifest.Generation)] = manifest;
        NewestSlot = Math.Max(NewestSlot, manifest.Slot);
        foreach (var old in _manifests.Keys.SkipLast(Kept).ToList())
        {
            _manifests.Remove(old);
        }
    }

    public CheckpointManifest? Latest => _manifests.Count == 0 ? null : _manifests.Last().Value;
}

/// <summary>The disk as a coordinator sees it: everything takes time, in which its silo may die.</summary>
internal sealed class SimulatedCheckpoints(SimulatedWorld world) : IRunCheckpoints
{
    private readonly CheckpointParts _parts = new();

    public CheckpointManifest? Add(RunStatus run, long slot, CheckpointFile part) => _parts.Add(run, slot, part);

    public async Task<IReadOnlyList<string>> Commit(CheckpointManifest manifest, IReadOnlyList<RunEvent> measured)
    {
        await world.Pass(20);
        world.Disk.Commit(manifest with { Journal = JournalText.Write(measured) });
        await world.Pass(5); // removes older ones
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
