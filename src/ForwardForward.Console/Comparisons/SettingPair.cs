using System.Globalization;

namespace ForwardForward.Console.Comparisons;

/// <summary>Two settings, by one test.</summary>
internal sealed record SettingPair(Setting One, Setting Other, ComparedTest Test, SeedSpread OneSpread, SeedSpread OtherSpread)
{
    /// <summary>How the verdicts come about, for a person.</summary>
    private const string Rule =
        "The difference of two means is held against the pooled standard deviation of the two settings over their seeds.";

    private const string OfOneSeed = "One seed each says nothing of the spread";

    /// <summary>Of the means, without a sign.</summary>
    public double Difference => Math.Abs(OneSpread.Mean - OtherSpread.Mean);

    /// <summary>Null where each has one seed.</summary>
    public double? Spread => SeedSpread.Pooled(OneSpread, OtherSpread);

    /// <summary>Whether the means are further apart than the seeds; null where that is not known.</summary>
    public bool? IsMoreThanSpread => Spread is { } spread ? Difference > spread : null;

    public string Verdict =>
        (IsMoreThanSpread, Spread) switch
        {
            (null, _) => OfOneSeed,
            (true, > 0 and var spread) => string.Create(
                CultureInfo.InvariantCulture,
                $"more than the spread, {Difference / spread:0.0} times it"
            ),
            (true, _) => "more than the spread, which is 0",
            (false, _) => "not more than the spread",
        };

    /// <summary>What has to be said above the verdicts that there are.</summary>
    /// <returns>Empty where there is one setting.</returns>
    public static string Introduction(IReadOnlyList<SettingPair> pairs)
    {
        var unknown = pairs.Count(pair => pair.Spread is null);
        return pairs.Count == 0 ? ""
            : unknown == pairs.Count ? $"{OfOneSeed}: more seeds tell whether the settings differ by more than that."
            : unknown == 0 ? Rule
            : $"{Rule} {OfOneSeed}: such pairs are left out.";
    }

    /// <summary>Each pair of settings by each test that both have.</summary>
    public static IReadOnlyList<SettingPair> Of(IReadOnlyList<Setting> settings) =>
        [
            .. from one in settings
            from other in settings
            where one.Number < other.Number
            from test in Enumerable.Range(0, ComparedTest.All.Count)
            where one.Spreads[test] is not null && other.Spreads[test] is not null
            select new SettingPair(one, other, ComparedTest.All[test], one.Spreads[test]!, other.Spreads[test]!),
        ];
}
