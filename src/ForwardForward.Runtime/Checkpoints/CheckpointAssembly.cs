using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>A checkpoint that some silo knows of.</summary>
/// <param name="Manifest">Null where no silo has one that can be used.</param>
/// <param name="Reason">Why not.</param>
internal sealed record CheckpointCandidate(CheckpointId Id, CheckpointManifest? Manifest, SkippedCheckpoint? Reason);

/// <summary>Decides what can be put together from what each silo keeps.</summary>
internal static class CheckpointAssembly
{
    /// <returns>Newest first.</returns>
    public static IReadOnlyList<CheckpointCandidate> Candidates(IReadOnlyList<SiloAnswer<CheckpointListing>> answers)
    {
        var manifests = answers.SelectMany(answer => answer.Value.Manifests).ToLookup(manifest => manifest.Id);
        var reasons = answers
            .SelectMany(answer =>
                answer.Value.Skipped.Select(skipped => skipped with { Reason = $"On the silo {answer.Silo}: {skipped.Reason}" })
            )
            .ToLookup(skipped => skipped.Id);
        return
        [
            .. manifests
                .Select(group => group.Key)
                .Union(reasons.Select(group => group.Key))
                .OrderByDescending(id => (id.Slot, id.Generation))
                .Select(id =>
                    manifests[id].FirstOrDefault() is { } manifest
                        ? new CheckpointCandidate(id, manifest, null)
                        : new CheckpointCandidate(id, null, reasons[id].MaxBy(skipped => skipped.Cause))
                ),
        ];
    }

    /// <summary>Whether every file of a checkpoint is whole on some silo.</summary>
    /// <param name="answers">Of the silos that are there.</param>
    /// <returns>The manifest with those who keep each file now, or why the checkpoint cannot be used.</returns>
    public static (CheckpointManifest? Manifest, SkippedCheckpoint? Reason) Of(
        CheckpointManifest manifest,
        IReadOnlyList<SiloAnswer<HeldFiles>> answers
    )
    {
        var files = manifest
            .Files.Select(file =>
                file with
                {
                    Holders = [.. answers.Where(answer => answer.Value.Whole.Contains(file.Name)).Select(answer => answer.Silo)],
                }
            )
            .ToList();
        var lacking = manifest.Files.Where((_, i) => files[i].Holders is []).ToList();
        return lacking.Count == 0 ? (manifest with { Files = files }, null) : (null, Reason(manifest.Id, lacking, answers));
    }

    private static SkippedCheckpoint Reason(CheckpointId id, List<CheckpointFile> lacking, IReadOnlyList<SiloAnswer<HeldFiles>> answers)
    {
        var absent = lacking.ConvertAll(file => (file.Holders ?? []).Except(answers.Select(answer => answer.Silo)).ToList());
        var damages = answers
            .SelectMany(answer =>
                answer.Value.Damaged.Select(damaged => (damaged.Name, Reason: $"on the silo {answer.Silo} {damaged.Reason}"))
            )
            .ToLookup(damaged => damaged.Name, damaged => damaged.Reason);

        // What no return can mend is the reason to give, where there is such a file.
        var file = Math.Max(0, absent.FindIndex(silos => silos.Count == 0));
        var (name, kept) = (lacking[file].Name, string.Join(" and ", lacking[file].Holders ?? ["another silo"]));
        var why = damages[name].FirstOrDefault()?.TrimEnd('.') ?? $"no silo that is there has it, expected it on {kept}";
        return absent[file].Count == 0
            ? new SkippedCheckpoint(id, SkipCause.Damaged, $"{Sentence(id)} lacks {name}: {why}.")
            : new SkippedCheckpoint(id, SkipCause.Missing, $"{Sentence(id)} lacks {name}: {why}.")
            {
                Awaited = [.. absent.SelectMany(silos => silos).Distinct()],
            };
    }

    private static string Sentence(CheckpointId id) => $"{char.ToUpperInvariant(id.ToString()[0])}{id.ToString()[1..]}";
}
