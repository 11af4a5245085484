using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tests.CheckpointWriter;

namespace ForwardForward.Learning.Tests.Checkpoints;

/// <summary>A folder of small checkpoints, removed after its test.</summary>
internal sealed class SmallFolder : IDisposable
{
    public SmallFolder(params CheckpointId[] committed)
    {
        Checkpoints = new CheckpointFolder(Path, SmallCheckpoint.Writer);
        foreach (var id in committed)
        {
            Write(id);
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("ff-checkpoints-").FullName;

    public string Path => System.IO.Path.Combine(Root, "checkpoints");

    public CheckpointFolder Checkpoints { get; }

    public string this[CheckpointId id] => System.IO.Path.Combine(Path, id.FolderName);

    public string this[CheckpointId id, string file] => System.IO.Path.Combine(this[id], file);

    public IReadOnlyList<CheckpointId> All => CheckpointId.NewestFirst(Path);

    public void Write(CheckpointId id) => Assert.Empty(SmallCheckpoint.Write(Checkpoints, id));

    public CheckpointSearch Search() => Checkpoints.Latest(SmallCheckpoint.Spec, SmallCheckpoint.Fingerprint);

    public bool IsWhole(CheckpointId id) =>
        new CheckpointVerifier(Path).Of(id, SmallCheckpoint.Spec, SmallCheckpoint.Fingerprint).Reason is null;

    /// <summary>Finds the newest checkpoint and asserts that all it holds is the state after its slot.</summary>
    /// <returns>Null where there is none.</returns>
    public CheckpointId? Latest(out IReadOnlyList<SkippedCheckpoint> skipped)
    {
        (var latest, skipped) = Search();
        if (latest is null)
        {
            return null;
        }

        SafetensorsTests.AssertEqual(
            SmallCheckpoint.Tensors(latest.Slot),
            Checkpoints.ReadTensors(latest.Id, latest.File(SmallCheckpoint.Layer)).Tensors
        );
        Assert.Equal(SmallCheckpoint.SourceState(latest.Slot), Content(latest, SmallCheckpoint.Source));
        return latest.Id;
    }

    public byte[] Content(CheckpointManifest manifest, string file)
    {
        using var stream = Checkpoints.Open(manifest.Id, manifest.File(file));
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
