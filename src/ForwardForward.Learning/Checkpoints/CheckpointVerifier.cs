using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Checkpoints;

/// <summary>Decides whether a checkpoint can be used, by reading all of it.</summary>
internal sealed class CheckpointVerifier(string path)
{
    private const int LargestManifest = 1 << 26; // bytes: the journal of a long run of many layers takes some million
    private const int PieceBytes = 1 << 18;

    /// <returns>The manifest, or why the checkpoint cannot be used.</returns>
    public (CheckpointManifest? Manifest, SkippedCheckpoint? Reason) Of(CheckpointId id, string? spec, string? fingerprint)
    {
        var (manifest, reason) = OfManifest(id, spec, fingerprint);
        return manifest?.Files.Select(file => Damage(id, file)).FirstOrDefault(damage => damage is not null) is { } damage
            ? (null, new SkippedCheckpoint(id, SkipCause.Damaged, damage))
            : (manifest, reason);
    }

    /// <summary>Reads one file from beginning to end.</summary>
    /// <returns>What is wrong with it, in one sentence; null where it is as it was written.</returns>
    public string? Damage(CheckpointId id, CheckpointFile file)
    {
        try
        {
            using var stream = new VerifiedStream(PathOf(id, file.Name), file);
            stream.CopyTo(Stream.Null, PieceBytes);
            return null;
        }
        catch (CheckpointException e)
        {
            return e.Message;
        }
    }

    /// <summary>Looks at nothing but the manifest.</summary>
    /// <returns>The manifest, or why the checkpoint cannot be used.</returns>
    public (CheckpointManifest? Manifest, SkippedCheckpoint? Reason) OfManifest(CheckpointId id, string? spec, string? fingerprint)
    {
        try
        {
            if (!File.Exists(PathOf(id, FileName.Manifest)))
            {
                return Skipped(SkipCause.Unfinished, "has no manifest: it was never completed");
            }

            var (format, manifest) = ReadManifest(id);
            if (manifest is null)
            {
                return Skipped(SkipCause.Foreign, $"is of format {format}, expected {CheckpointManifest.CurrentFormat}");
            }

            return Difference(manifest, id, spec, fingerprint) is { } difference
                ? Skipped(SkipCause.Foreign, difference)
                : (manifest, null);
        }
        catch (CheckpointException e)
        {
            return (null, new SkippedCheckpoint(id, SkipCause.Damaged, e.Message));
        }

        (CheckpointManifest?, SkippedCheckpoint?) Skipped(SkipCause cause, string what) =>
            (null, new SkippedCheckpoint(id, cause, $"{Path.Combine(path, id.FolderName)} {what}."));
    }

    private (int Format, CheckpointManifest? Manifest) ReadManifest(CheckpointId id)
    {
        var file = PathOf(id, FileName.Manifest);
        try
        {
            return new FileInfo(file).Length is var length && length <= LargestManifest
                ? ManifestText.Read(File.ReadAllBytes(file), file)
                : throw new CheckpointException($"{file} has {length} bytes, expected at most {LargestManifest}.");
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            throw CheckpointException.Unreadable(file, e);
        }
    }

    private static string? Difference(CheckpointManifest manifest, CheckpointId id, string? spec, string? fingerprint) =>
        manifest switch
        {
            _ when manifest.Id != id =>
                $"holds the manifest of slot {manifest.Slot}, generation {manifest.Generation}, expected that of its own folder",
            _ when fingerprint is not null && manifest.Fingerprint != fingerprint =>
                $"was computed by {manifest.Fingerprint}, expected {fingerprint}",
            _ when spec is not null && !SpecReader.AreEqual(manifest.Spec, spec) =>
                $"is of another spec (its own is in {FileName.Manifest}), expected the run's",
            _ => null,
        };

    private string PathOf(CheckpointId id, string name) => Path.Combine(path, id.FolderName, name);
}
