using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Checkpoints;

/// <summary>
/// A run's checkpoints, a folder each. Any number of processes write files of one checkpoint; one of them, told by each what it has
/// written, commits it. A checkpoint exists if and only if its manifest does, and is never changed.
/// </summary>
/// <param name="path">Made with the first write; on storage that all writers share.</param>
/// <param name="writer">
/// Differs between the processes that write at the same time: letters, digits, dots and hyphens, as in a silo's name.
/// </param>
internal sealed partial class CheckpointFolder(string path, string writer)
{
    private readonly CheckpointRetention _retention = new(path);
    private readonly CheckpointVerifier _verifier = new(path);
    private readonly string _writer = FileName.Checked(writer);
    private int _writes;

    /// <summary>Writes a file of a checkpoint that is not committed yet; once this returns, it is on the disk.</summary>
    /// <param name="content">Hashed and written part by part, each part once.</param>
    /// <exception cref="CheckpointException">The file system refused, or the checkpoint is committed.</exception>
    public CheckpointFile WriteFile(CheckpointId id, string name, IEnumerable<ReadOnlyMemory<byte>> content)
    {
        FileName.Checked(name);
        if (File.Exists(PathOf(id, FileName.Manifest)))
        {
            throw new CheckpointException(
                $"{PathOf(id, name)} belongs to a checkpoint that is complete, expected one that is still written."
            );
        }

        return Write(id, name, content);
    }

    /// <summary>As <see cref="WriteFile"/>, in safetensors.</summary>
    /// <param name="metadata">For readers of the file alone: which run, which stage, which slot.</param>
    /// <exception cref="CheckpointException">The file system refused, or the checkpoint is committed.</exception>
    public CheckpointFile WriteTensors(
        CheckpointId id,
        string name,
        IReadOnlyList<StateTensor> tensors,
        IReadOnlyDictionary<string, string> metadata
    ) => WriteFile(id, name, Safetensors.Write(tensors, metadata));

    /// <summary>
    /// Makes a checkpoint of files that were all written, then removes those that are older than the last two whole ones. May be repeated
    /// after a failure.
    /// </summary>
    /// <returns>What could not be removed and why, a sentence each; the new checkpoint is safe all the same.</returns>
    /// <exception cref="CheckpointException">
    /// A file is not in this folder, or the file system refused; the older checkpoints are as they were.
    /// </exception>
    public IReadOnlyList<string> Commit(CheckpointManifest manifest)
    {
        FileName.CheckAll(manifest.Files);
        foreach (var file in manifest.Files)
        {
            RequirePresence(PathOf(manifest.Id, file.Name), file.Bytes, ", in a folder that all silos share");
        }

        WriteManifest(manifest);
        return _retention.RemoveOlderThanLastTwo(manifest);
    }

    /// <summary>Removes what is here of a checkpoint that will never be complete, or was not acknowledged.</summary>
    /// <returns>What could not be removed and why, a sentence each.</returns>
    public IReadOnlyList<string> Discard(CheckpointId id) => _retention.Discard(id);

    /// <summary>
    /// Removes what is here without a manifest and belongs before another checkpoint: to an older generation, or to an earlier slot of its
    /// own.
    /// </summary>
    /// <returns>What could not be removed and why, a sentence each.</returns>
    public IReadOnlyList<string> RemoveUnfinished(CheckpointId before) => _retention.RemoveUnfinished(before);

    /// <summary>
    /// Finds the newest checkpoint of this spec and these kernels of which every byte is as it was written; reads all of it.
    /// </summary>
    /// <param name="spec">JSON of the resolved spec, as SpecReader.Write gives it; null for any, to look at.</param>
    /// <param name="fingerprint">Of the kernels that go on from it; null for any, to look at.</param>
    /// <exception cref="CheckpointException">The folder itself cannot be read.</exception>
    public CheckpointSearch Latest(string? spec, string? fingerprint)
    {
        var skipped = new List<SkippedCheckpoint>();
        foreach (var id in CheckpointId.NewestFirst(path))
        {
            var (manifest, reason) = _verifier.Of(id, spec, fingerprint);
            if (reason is null)
            {
                return new CheckpointSearch(manifest, skipped);
            }

            skipped.Add(reason);
        }

        return new CheckpointSearch(null, skipped);
    }

    /// <summary>
    /// The slot of the newest checkpoint of a folder that was committed, whether or not it can be used: nothing of it is read.
    /// </summary>
    /// <returns>Null where there is none, or the folder cannot be read.</returns>
    public static long? NewestSlot(string path)
    {
        try
        {
            var committed = CheckpointId.NewestFirst(path).Where(id => File.Exists(Path.Combine(path, id.FolderName, FileName.Manifest)));
            return committed.Select(id => (long?)id.Slot).FirstOrDefault();
        }
        catch (CheckpointException)
        {
            return null;
        }
    }

    /// <summary>
    /// Opens a file that <see cref="Latest"/> found. Reading it up to its end verifies it again, since it may have changed in between.
    /// </summary>
    /// <param name="file">Its entry in the manifest.</param>
    /// <exception cref="CheckpointException">
    /// Here or while reading: the file is missing, cannot be read, or is not as it was written.
    /// </exception>
    public Stream Open(CheckpointId id, CheckpointFile file) => new VerifiedStream(PathOf(id, file.Name), file);

    /// <summary>Reads a file in safetensors that <see cref="Latest"/> found, and verifies it.</summary>
    /// <exception cref="CheckpointException">The file is missing, cannot be read, or is not as it was written.</exception>
    public SafetensorsContent ReadTensors(CheckpointId id, CheckpointFile file)
    {
        using var stream = Open(id, file);
        return Safetensors.Read(stream, file.Bytes, PathOf(id, file.Name));
    }

    private CheckpointFile Write(CheckpointId id, string name, IEnumerable<ReadOnlyMemory<byte>> content, CheckpointFile? expected = null)
    {
        var target = PathOf(id, name);
        var temporary = PathOf(id, $".{name}.{_writer}-{Interlocked.Increment(ref _writes)}");
        MakeFolderOf(target);
        return DurableFile.Write(target, temporary, content, expected);
    }

    private static void MakeFolderOf(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            throw CheckpointException.Unwritable(file, e);
        }
    }

    private void WriteManifest(CheckpointManifest manifest)
    {
        FlushAbove(PathOf(manifest.Id, FileName.Manifest));
        Write(manifest.Id, FileName.Manifest, [ManifestText.Write(manifest)]);
    }

    private static void RequirePresence(string path, long bytes, string where = "")
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length != bytes)
        {
            var found = file.Exists ? $"has {file.Length} bytes" : "is not there";
            throw new CheckpointException($"{path} {found}, expected the {bytes} bytes that its writer reported{where}.");
        }
    }

    // Whoever made the folders may have been stopped before their names were on the disk.
    private void FlushAbove(string manifest)
    {
        try
        {
            DurableFolder.Flush(path);
            DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (IOException e)
        {
            throw CheckpointException.Unwritable(manifest, e);
        }
    }

    private string PathOf(CheckpointId id, string name) => Path.Combine(path, id.FolderName, name);
}
