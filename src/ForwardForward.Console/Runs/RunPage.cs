namespace ForwardForward.Console.Runs;

/// <summary>Which of many runs are listed.</summary>
/// <param name="First">How many that were started later come before them.</param>
/// <param name="Last">How many come up to the last of them; null: all.</param>
internal sealed record RunPage(int First, int? Last)
{
    /// <param name="limit">Runs of a page; 0: all on one.</param>
    /// <param name="page">From 1.</param>
    public static RunPage Of(int limit, int page) =>
        limit == 0
            ? new RunPage(0, null)
            : new RunPage((int)Math.Min(int.MaxValue, (page - 1L) * limit), (int)Math.Min(int.MaxValue, (long)page * limit));

    /// <param name="runs">The last started first.</param>
    public IReadOnlyList<RunSummary> Cut(IReadOnlyList<RunSummary> runs) => [.. runs.Take(Last ?? runs.Count).Skip(First)];

    /// <summary>What is said where there are others; null where there are none.</summary>
    /// <param name="count">Of all runs.</param>
    public string? Rest(int count)
    {
        if (First == 0 && !(Last < count))
        {
            return null;
        }

        var (limit, shown) = (Last!.Value - First, Math.Min(Last.Value, count));
        var which = First >= count ? $"There is no such page of {count} runs" : $"Runs {First + 1} to {shown} of {count}";
        var next = shown < count ? $"; --page {(Last.Value / limit) + 1} has the next" : "";
        return $"{which}{next}; --limit 0 shows all.";
    }
}
