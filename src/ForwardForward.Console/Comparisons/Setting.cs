using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Comparisons;

/// <summary>Runs whose specs are equal but for the seed.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Runs">All of them, by their places.</param>
/// <param name="Counted">Those that count in the means: the first of each seed, since a second one adds nothing.</param>
/// <param name="Spreads">For each of <see cref="ComparedTest.All"/>; null where no run was tested so.</param>
internal sealed record Setting(int Number, IReadOnlyList<int> Runs, IReadOnlyList<int> Counted, IReadOnlyList<SeedSpread?> Spreads)
{
    /// <summary>In the order in which their first runs come.</summary>
    public static IReadOnlyList<Setting> Of(IReadOnlyList<ComparedRun> runs) =>
        [
            .. Enumerable
                .Range(0, runs.Count)
                .GroupBy(i => SpecReader.Write(runs[i].Spec with { Seed = 0 }))
                .Select((places, i) => Of(i + 1, [.. places], runs)),
        ];

    private static Setting Of(int number, IReadOnlyList<int> places, IReadOnlyList<ComparedRun> runs)
    {
        List<int> counted = [.. places.DistinctBy(i => runs[i].Spec.Seed)];
        return new Setting(
            number,
            places,
            counted,
            [.. ComparedTest.All.Select(test => SeedSpread.Of([.. counted.Select(i => test.Final(runs[i].Summary)).OfType<double>()]))]
        );
    }
}
