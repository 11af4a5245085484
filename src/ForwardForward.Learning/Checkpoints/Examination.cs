namespace ForwardForward.Learning.Checkpoints;

/// <summary>Decides whether a checkpoint can be used, by reading all of it.</summary>
internal sealed class Examination(string path)
{
    private const int LargestManifest = 1 << 26; // bytes: the journal of a long run of many layers takes some million
    private const int PieceBytes = 1 << 18;

    /// <returns>The manifest, or why the checkpoint cannot be used.</returns>
    public (CheckpointManifest? Manifest, SkippedCheckpoint? Reason) Of(CheckpointId id, string spec, string fingerprint)
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

            if (Difference(manifest, id, spec, fingerprint) is { } difference)
            {
                return Skipped(SkipCause.Foreign, difference);
            }

            ReadAll(manifest);
            return (manifest, null);
        }
        catch (CheckpointException e)
        {
            return (null, new SkippedCheckpoint(id, SkipCause.Damaged, e.Message));
        }

        (CheckpointManifest?, SkippedCheckpoint?) Skipped(SkipCause cause, string what) => (null, new SkippedCheckpoint(id, cause, $"{Path.Combine(path, id.FolderName)} {what}."));
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

    private static string? Difference(CheckpointManifest manifest, CheckpointId id, string spec, string fingerprint) => manifest switch
    {
        _ when manifest.Id != id => $"holds the manifest of slot {manifest.Slot}, generation {manifest.Generation}, expected that of its own folder",
        _ when manifest.Fingerprint != fingerprint => $"was computed by {manifest.Fingerprint}, expected {fingerprint}",
        _ when manifest.Spec != spec.Trim() => $"is of another spec (its own is in {FileName.Manifest}), expected the run's",
        _ => null,
    };

    private void ReadAll(CheckpointManifest manifest)
    {
        foreach (var file in manifest.Files)
        {
            using var stream = new VerifiedStream(PathOf(manifest.Id, file.Name), file);
            stream.CopyTo(Stream.Null, PieceBytes);
        }
    }

    private string PathOf(CheckpointId id, string name) => Path.Combine(path, id.FolderName, name);
}
