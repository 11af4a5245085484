using System.Globalization;
using System.Text.Json;
using ForwardForward.Console.Reports;
using ForwardForward.Console.Sweeps;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Tests.Sweeps;

/// <summary>What a sweep tries and how it judges, without training.</summary>
[Trait("Category", "Unit")]
public sealed class SweepPartsTests
{
    private static readonly ExperimentSpec Spec = new();

    [Theory]
    [InlineData("1..5", new[] { 1, 2, 3, 4, 5 })]
    [InlineData("7", new[] { 7 })]
    [InlineData("1,3, 7", new[] { 1, 3, 7 })]
    [InlineData("2147483647..2147483647", new[] { int.MaxValue })]
    public void Seeds_are_a_range_or_a_list(string text, int[] seeds) => Assert.Equal(seeds, SeedList.Parse(text));

    [Theory]
    [InlineData("5..1")]
    [InlineData("1..")]
    [InlineData("1,,2")]
    [InlineData("1,1")]
    [InlineData("-1")]
    [InlineData("one")]
    [InlineData("0..1000")]
    [InlineData("0..2147483647")]
    [InlineData("1..2..3")]
    [InlineData("99999999999")]
    public void Other_seeds_are_refused(string text) =>
        Assert.StartsWith(
            $"--seeds is '{text}', expected seeds as in 1..5 or 1,3,7",
            Assert.Throws<InvalidInputException>(() => SeedList.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_grid_is_every_value_with_every_other_and_lists_are_in_brackets()
    {
        var settings = Of(["Optimizer.LearningRate=0.010,0.02", "layers=[500,500],[1000]"]);

        Assert.Equal(
            [
                "optimizer.learningRate=0.01 layers=[500,500]",
                "optimizer.learningRate=0.01 layers=[1000]",
                "optimizer.learningRate=0.02 layers=[500,500]",
                "optimizer.learningRate=0.02 layers=[1000]",
            ],
            Words(settings, null)
        );
        Assert.Equal(2, settings.Take(2).Count);
        Assert.Equal(settings.Take(3), Of(["optimizer.learningRate=0.01,0.02", "layers=[500,500],[1000]"]).Take(3));
        Assert.Throws<InvalidInputException>(() => settings.Take(5));
    }

    // Written down: the same on every machine, and for as long as there are sweeps that go on.
    [Fact]
    public void What_is_drawn_is_the_same_everywhere()
    {
        var settings = Of(["goodness.kind=sumOfSquares,swish"], ["optimizer.learningRate=0.001..0.1:log", "batchSize=10..500"]);

        Assert.Equal(DrawnBefore, Words(settings, 3));
        Assert.Equal(DrawnBefore, Words(settings, null).Take(3)); // the first of more are the same
        Assert.Equal(10, settings.Take(null).Count);
        Assert.NotEqual(DrawnBefore, Words(settings with { Draw = 2 }, 3));
    }

    [Fact]
    public void A_draw_stays_in_its_range_and_reaches_both_ends_of_whole_numbers()
    {
        var settings = Of([], ["epochs=2..4", "batchSize=1..100:log", "optimizer.momentum=0.5..0.9"]);

        var drawn = settings
            .Take(400)
            .Select(one => one.Select(text => double.Parse(text.Split('=')[1], CultureInfo.InvariantCulture)).ToArray());

        Assert.Equal([2.0, 3.0, 4.0], drawn.Select(one => one[0]).Distinct().Order());
        Assert.All(drawn, one => Assert.True(one[1] is >= 1 and <= 100 && one[1] == Math.Floor(one[1])));
        Assert.InRange(drawn.Count(one => one[1] <= 10), 150, 250); // as many ratios below ten as above
        Assert.All(drawn, one => Assert.InRange(one[2], 0.5, 0.9));
    }

    [Fact]
    public void The_best_is_the_least_mean_by_goodness_where_all_were_tested_so()
    {
        TrialResult[] results =
        [
            Result(1, 0.1, 0.3),
            Result(1, 0.1, 0.5),
            Result(2, 0.2, 0.35),
            Result(2, 0.2, 0.35),
            Result(3, 0, 0, "failed"),
            Result(3, 0.1, 0.1),
        ];

        var ranking = Ranking.Of(results);
        var fast = Ranking.Of([.. results, Result(4, 0.15, null)]);

        Assert.Equal((true, 2, 0.35), (ranking.ByGoodness, ranking.Best!.Trial, ranking.Best.Mean(true)));
        Assert.Equal([2, 1, 3], ranking.Standings.Select(one => one.Trial)); // what is not done with every seed comes last
        Assert.Equal((false, 1), (fast.ByGoodness, fast.Best!.Trial));
        Assert.Null(Ranking.Of([Result(1, 0.1, 0.1, "failed")]).Best);
    }

    [Fact]
    public void A_third_goes_up_and_at_least_one()
    {
        TrialResult[] results = [.. Enumerable.Range(1, 7).Select(trial => Result(trial, trial == 6 ? 0.01 : trial / 10.0, null))];

        Assert.Equal([1, 6], Halving.GoUp(Ranking.Of(results), 7));
        Assert.Equal([1], Halving.GoUp(Ranking.Of(results[..2]), 2));
        Assert.Empty(Halving.GoUp(Ranking.Of([Result(1, 0, null, "failed")]), 1));
        Assert.Equal([1, 3, 9], Halving.Rungs(9));
        Assert.Equal([6, 20, 60], Halving.Rungs(60));
    }

    [Fact]
    public void A_table_quotes_what_has_commas()
    {
        var lines = SweepFiles
            .Table(["layers"], [Result(1, 0.25, null) with { Fields = Fields("layers", "[8,4]"), Error = "It said \"no\", twice." }])
            .Split('\n');

        Assert.Equal("trial,layers,seed,epochs,state,heldOutErrorFast,heldOutErrorGoodness,seconds,stateHash,folder,error", lines[0]);
        Assert.Equal("1,\"[8,4]\",1,2,done,0.25,,1.5,,trial-001,\"It said \"\"no\"\", twice.\"", lines[1]);
    }

    [Fact]
    public void Dots_stand_at_their_value_and_names_side_by_side()
    {
        Dot[] numbers =
        [
            new("0.001", 0.1, "series-1", "a"),
            new("0.01", 0.2, "series-1", "b", IsBest: true),
            new("0.1", 0.4, "series-1", "c"),
        ];

        var logarithmic = new ScatterChart("t", "rate", numbers, LogarithmicX: true).Svg();
        var linear = new ScatterChart("t", "rate", numbers, LogarithmicX: false).Svg();
        var named = new ScatterChart("t", "kind", [new("swish", 0, "series-1", "a"), new("relu", 0.5, "series-1", "b")], false).Svg();

        Assert.Equal([62.0, 244.0, 426.0], Places(logarithmic)); // equal steps for equal ratios
        Assert.InRange(Places(linear)[1], 62.0, 110.0);
        Assert.Contains(">relu</text>", named, StringComparison.Ordinal);
        Assert.Equal(2, Places(named).Distinct().Count());
        Assert.Contains("Nothing was measured", new ScatterChart("t", "x", [], false).Svg(), StringComparison.Ordinal);

        static List<double> Places(string svg) =>
            [
                .. System
                    .Text.RegularExpressions.Regex.Matches(svg, "cx=\"([0-9.]+)\"")
                    .Select(place => double.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture))
                    .Order(),
            ];
    }

    private static readonly string[] DrawnBefore =
    [
        "goodness.kind=sumOfSquares optimizer.learningRate=0.008743 batchSize=435",
        "goodness.kind=swish optimizer.learningRate=0.01284 batchSize=365",
        "goodness.kind=sumOfSquares optimizer.learningRate=0.02577 batchSize=67",
    ];

    private static Settings Of(string[] grid, string[]? random = null) =>
        new([.. grid.Select(text => GridField.Parse(text, Spec))], [.. (random ?? []).Select(text => RandomField.Parse(text, Spec))], 1);

    private static List<string> Words(Settings settings, int? count) => [.. settings.Take(count).Select(one => string.Join(' ', one))];

    private static TrialResult Result(int trial, double fast, double? goodness, string state = "done") =>
        new()
        {
            Trial = trial,
            Fields = new Dictionary<string, JsonElement>(),
            Seed = 1,
            Epochs = 2,
            State = state,
            HeldOutErrorFast = fast,
            HeldOutErrorGoodness = goodness,
            Seconds = 1.5,
            Folder = $"trial-{trial:000}",
        };

    private static Dictionary<string, JsonElement> Fields(string path, string json) =>
        new() { [path] = JsonDocument.Parse(json).RootElement };
}
