using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>
/// A run's checkpoints where every silo has a folder of its own: a stage's part is in the folder of its silo and, as a copy, in that of one
/// other silo; the manifest is with every file.
/// </summary>
internal sealed class ReplicatedCheckpoints(string run, CheckpointFolder folder, CheckpointHolders holders) : ICheckpoints
{
    private const int Kept = 2;
    private CheckpointManifest? _last; // that was committed here; without its journal

    public async Task<CheckpointFile> Write(
        CheckpointId id,
        string name,
        IReadOnlyList<StateTensor> snapshot,
        IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellation
    )
    {
        var file = await Task.Run(() => folder.WriteTensors(id, name, snapshot, metadata), CancellationToken.None);
        if (CheckpointHolders.Next(holders.Own, holders.Active) is not { } peer)
        {
            return file with { Holders = [holders.Own.ToString()] };
        }

        await holders.Ask(peer, holder => holder.Fetch(run, id, file, holders.Own.Address)).WaitAsync(cancellation);
        return file with { Holders = [holders.Own.ToString(), peer.ToString()] };
    }

    public IReadOnlyList<StateTensor> Read(CheckpointId id, CheckpointFile file, CancellationToken cancellation)
    {
        if (!Keeps(holders.Own, file))
        {
            holders.Copy(Holder(id, file), run, id, file, folder, cancellation);
        }

        return folder.ReadTensors(id, file).Tensors;
    }

    public Task<byte[]> ReadPiece(CheckpointId id, CheckpointFile file, long offset, int bytes) =>
        Keeps(holders.Own, file)
            ? Task.Run(() => folder.ReadPiece(id, file.Name, offset, bytes))
            : holders.Ask(Holder(id, file), holder => holder.Read(run, id, file.Name, offset, bytes));

    public async Task<IReadOnlyList<string>> Commit(CheckpointManifest manifest)
    {
        var active = holders.Active;
        if (
            manifest.Files.SelectMany(file => file.Holders ?? []).Except(active.Select(silo => silo.ToString())).FirstOrDefault() is
            { } gone
        )
        {
            throw new CheckpointException($"The silo {gone} is gone, expected it to keep its part of {manifest.Id}.");
        }

        await Task.WhenAll(
            active
                .Select(silo => (Silo: silo, Files: manifest.Files.Where(file => Keeps(silo, file)).Select(file => file.Name).ToList()))
                .Where(share => share.Files.Count > 0 || share.Silo == holders.Own)
                .Select(share => holders.Ask(share.Silo, holder => holder.Commit(manifest, share.Files)))
        );
        return await RemoveOlderThanLastTwo(manifest);
    }

    public async Task<IReadOnlyList<string>> Discard(CheckpointId id) => Left(await holders.AskAll(holder => holder.Discard(run, id)));

    public async Task<IReadOnlyList<string>> RemoveUnfinished(int generation) =>
        Left(await holders.AskAll(holder => holder.RemoveUnfinished(run, new CheckpointId(0, generation))));

    public async Task<CheckpointSearch> Latest(string spec, string fingerprint)
    {
        var (whole, skipped) = await Newest(1, await Candidates(spec, fingerprint), null);
        return new CheckpointSearch(whole is [var latest] ? latest with { Journal = await Journal(latest) } : null, skipped)
        {
            MayBeIncomplete = true,
        };
    }

    private ActiveSilo Holder(CheckpointId id, CheckpointFile file) =>
        holders.Active.FirstOrDefault(silo => Keeps(silo, file))
        ?? throw new CheckpointException(
            $"{file.Name} of {id} was on {string.Join(" and ", file.Holders ?? [])}, expected one of them to be there still."
        );

    private static bool Keeps(ActiveSilo silo, CheckpointFile file) => file.Holders?.Contains(silo.ToString()) ?? false;

    private static IReadOnlyList<string> Left(IReadOnlyList<SiloAnswer<IReadOnlyList<string>>> answers) =>
        [.. answers.SelectMany(answer => answer.Value.Select(reason => $"On the silo {answer.Silo}: {reason}"))];

    private async Task<string> Journal(CheckpointManifest manifest)
    {
        foreach (var silo in holders.Active)
        {
            if (await holders.Ask(silo, holder => holder.Manifest(run, manifest.Id, manifest.Spec, manifest.Fingerprint)) is { } whole)
            {
                return whole.Journal;
            }
        }

        throw new CheckpointException($"No silo has the manifest of {manifest.Id} any more, expected it to be where it was a moment ago.");
    }

    private async Task<IReadOnlyList<CheckpointCandidate>> Candidates(string spec, string fingerprint) =>
        CheckpointAssembly.Candidates(await holders.AskAll(holder => holder.Listing(run, spec, fingerprint)));

    /// <param name="known">Just completed, so it is not read again.</param>
    private async Task<(List<CheckpointManifest> Whole, List<SkippedCheckpoint> Skipped)> Newest(
        int count,
        IReadOnlyList<CheckpointCandidate> newestFirst,
        CheckpointManifest? known
    )
    {
        var (whole, skipped) = (new List<CheckpointManifest>(), new List<SkippedCheckpoint>());
        foreach (var candidate in newestFirst.TakeWhile(_ => whole.Count < count))
        {
            var (manifest, reason) = candidate switch
            {
                _ when candidate.Id == known?.Id => (known, null),
                { Manifest: { } found } => await Assemble(found),
                _ => (null, candidate.Reason),
            };
            whole.AddRange(manifest is null ? [] : [manifest]);
            skipped.AddRange(reason is null ? [] : [reason]);
        }

        return (whole, skipped);
    }

    private async Task<(CheckpointManifest? Manifest, SkippedCheckpoint? Reason)> Assemble(CheckpointManifest manifest) =>
        CheckpointAssembly.Of(manifest, await holders.AskAll(holder => holder.Held(manifest)));

    // Reads every manifest, which a coordinator needs only once.
    private async Task<CheckpointId?> LastButOne(CheckpointManifest committed)
    {
        var candidates = await Candidates(committed.Spec, committed.Fingerprint);
        return candidates.Count > Kept && (await Newest(Kept, candidates, committed)).Whole is { Count: Kept } whole ? whole[^1].Id : null;
    }

    // No silo can tell which checkpoints are whole, so who has asked all of them decides for all.
    private async Task<IReadOnlyList<string>> RemoveOlderThanLastTwo(CheckpointManifest committed)
    {
        var last = _last;
        _last = committed with { Journal = CheckpointManifest.EmptyJournal };
        var kept = last?.Slot < committed.Slot && (await Assemble(last)).Manifest is not null ? last.Id : await LastButOne(committed);
        var old = kept is { } oldest ? await holders.AskAll(holder => holder.RemoveOlderThan(run, oldest)) : [];
        return Left([.. old, .. await holders.AskAll(holder => holder.RemoveUnfinished(run, committed.Id))]);
    }
}
