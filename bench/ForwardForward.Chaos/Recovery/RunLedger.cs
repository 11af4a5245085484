using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Chaos.Recovery;

/// <summary>How what was measured in a run differs from what the reference measured.</summary>
/// <param name="Lost">Measurements that are missing.</param>
/// <param name="Doubled">Measurements that are there again, or with another value, or that the reference does not have.</param>
/// <param name="Sentences">One for each place, the lowest slot first.</param>
public sealed record LedgerDifference(int Lost, int Doubled, IReadOnlyList<string> Sentences)
{
    public static LedgerDifference None { get; } = new(0, 0, []);

    /// <summary>The whole in one line; null where there is no difference.</summary>
    public string? Text =>
        Sentences.Count == 0 ? null : $"{Lost} measurements are missing, {Doubled} are doubled or different; the first: {Sentences[0]}";
}

/// <summary>
/// The account of a run: every slot that ends a measurement or an evaluation is in its events once. A slot that was skipped or handled
/// twice would change the values of all that follow, or their number.
/// </summary>
public static class RunLedger
{
    public static LedgerDifference Compare(IEnumerable<RunEvent> reference, IEnumerable<RunEvent> run)
    {
        var expected = reference.SelectMany(Entries).ToDictionary(entry => entry.Key, entry => entry.Value);
        var found = run.SelectMany(Entries).ToLookup(entry => entry.Key, entry => entry.Value);
        var lost = expected.Keys.Where(key => !found.Contains(key)).ToList();
        var repeated = found.Where(entries => entries.Count() > 1).Select(entries => entries.Key).ToList();
        var different = found
            .Where(entries => !expected.TryGetValue(entries.Key, out var value) || !value.Equals(entries.First()))
            .Select(entries => entries.Key)
            .ToList();
        var sentences = lost.Select(key => (Key: key, How: "is missing"))
            .Concat(
                different.Select(key =>
                    (
                        Key: key,
                        How: expected.TryGetValue(key, out var value) ? $"is {found[key].First()}, expected {value}" : "was not expected"
                    )
                )
            )
            .Concat(repeated.Select(key => (Key: key, How: $"is there {found[key].Count()} times")))
            .OrderBy(difference => difference.Key)
            .Select(difference => $"{difference.Key.What} at slot {difference.Key.Slot} {difference.How}.");
        return new LedgerDifference(lost.Count, different.Count + repeated.Sum(key => found[key].Count() - 1), [.. sentences]);
    }

    // By slot first, so that the first difference is where the run left the reference.
    private static IEnumerable<((long Slot, string What) Key, object Value)> Entries(RunEvent measured)
    {
        if (measured.Layer is { } layer)
        {
            yield return ((layer.Slot, $"The measurement of layer {layer.Layer}"), layer);
        }

        if (measured.Evaluation is { } evaluation)
        {
            yield return ((evaluation.Slot, "The evaluation"), evaluation);
        }
    }
}
