namespace ForwardForward.Learning.Checkpoints;

/// <content> A folder that one process has for itself, and that therefore holds only some files of each checkpoint: its own and copies of
/// others'. What is whole is known only to who asks all that have such a folder. </content>
internal sealed partial class CheckpointFolder
{
    /// <summary>Writes a copy of a file that another folder holds; once this returns, it is on the disk.</summary>
    /// <param name="file">What the content has to be.</param>
    /// <exception cref="CheckpointException">The file system refused, or the content is another; what was there is as it was.</exception>
    public void Receive(CheckpointId id, CheckpointFile file, IEnumerable<ReadOnlyMemory<byte>> content) =>
        Write(id, FileName.Checked(file.Name), content, file);

    /// <summary>Reads a piece of a file for who makes a copy of it, and verifies the whole.</summary>
    /// <param name="bytes">Less are read only where the file ends.</param>
    /// <exception cref="CheckpointException">The file is missing or cannot be read.</exception>
    public byte[] ReadPiece(CheckpointId id, string name, long offset, int bytes)
    {
        var path = PathOf(id, FileName.Checked(name));
        try
        {
            using var file = File.OpenHandle(path);
            var piece = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(RandomAccess.GetLength(file) - offset, 0, bytes));
            return piece[..RandomAccess.Read(file, piece, offset)];
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            throw CheckpointException.Unreadable(path, e);
        }
    }

    /// <summary>
    /// Writes the manifest beside those of its files that are kept here. Nothing is removed: whether the checkpoint is complete is known
    /// only when all who keep some of it have done this.
    /// </summary>
    /// <param name="files">Those that are to be here.</param>
    /// <exception cref="CheckpointException">A file is not in this folder, or the file system refused.</exception>
    public void CommitShare(CheckpointManifest manifest, IReadOnlyList<string> files)
    {
        FileName.CheckAll(manifest.Files);
        foreach (var file in files)
        {
            RequirePresence(PathOf(manifest.Id, file), manifest.File(file).Bytes);
        }

        MakeFolderOf(PathOf(manifest.Id, FileName.Manifest)); // who coordinates a run may hold none of its files
        WriteManifest(manifest);
    }

    /// <summary>Reads the manifests that are here, and nothing else. Their journals, which may be long, are left out.</summary>
    /// <param name="spec">JSON of the resolved spec, as SpecReader.Write gives it.</param>
    /// <exception cref="CheckpointException">The folder itself cannot be read.</exception>
    public CheckpointListing Listing(string spec, string fingerprint)
    {
        var found = CheckpointId.NewestFirst(path).Select(id => _verifier.OfManifest(id, spec, fingerprint)).ToList();
        return new CheckpointListing(
            [
                .. found
                    .Select(one => one.Manifest)
                    .OfType<CheckpointManifest>()
                    .Select(manifest => manifest with { Journal = CheckpointManifest.EmptyJournal }),
            ],
            [.. found.Select(one => one.Reason).OfType<SkippedCheckpoint>()]
        );
    }

    /// <summary>Reads one manifest with its journal.</summary>
    /// <returns>Null where it is not here, or cannot be used.</returns>
    public CheckpointManifest? Manifest(CheckpointId id, string spec, string fingerprint) =>
        _verifier.OfManifest(id, spec, fingerprint).Manifest;

    /// <summary>Reads all that is here of a checkpoint, whether or not its manifest is.</summary>
    public HeldFiles Held(CheckpointManifest manifest)
    {
        var here = manifest
            .Files.Where(file => File.Exists(PathOf(manifest.Id, FileName.Checked(file.Name))))
            .Select(file => (file.Name, Damage: _verifier.Damage(manifest.Id, file)))
            .ToList();
        return new HeldFiles(
            [.. here.Where(file => file.Damage is null).Select(file => file.Name)],
            [.. here.Where(file => file.Damage is not null).Select(file => new DamagedFile(file.Name, file.Damage!))]
        );
    }

    /// <summary>Removes what is here of the checkpoints before one.</summary>
    /// <returns>What could not be removed and why, a sentence each.</returns>
    public IReadOnlyList<string> RemoveOlderThan(CheckpointId kept) => _retention.RemoveOlderThan(kept);
}
