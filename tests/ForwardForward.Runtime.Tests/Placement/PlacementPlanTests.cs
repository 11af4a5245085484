using System.Diagnostics;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Tests.Placement;

public class PlacementPlanTests
{
    [Theory]
    [InlineData(new double[] { 1, 1, 1, 1 }, 2, new[] { 0, 0, 1, 1 })]
    [InlineData(new double[] { 1, 1, 1 }, 3, new[] { 0, 1, 2 })]
    [InlineData(new double[] { 1, 1, 1 }, 1, new[] { 0, 0, 0 })]
    [InlineData(new double[] { 1, 1 }, 5, new[] { 0, 1 })]
    [InlineData(new double[] { 0.4, 1, 1, 1 }, 2, new[] { 0, 0, 1, 1 })]
    [InlineData(new double[] { 5, 1, 1, 1, 1, 1 }, 2, new[] { 0, 1, 1, 1, 1, 1 })]
    [InlineData(new double[] { 1, 1, 4 }, 2, new[] { 0, 0, 1 })]
    public void Neighbours_stay_together_and_the_largest_load_is_as_small_as_possible(double[] costs, int silos, int[] expected) =>
        Assert.Equal(expected, PlacementPlan.Compute(costs, Equal(silos)).SiloOfLayer);

    [Theory]
    [InlineData(1, new[] { 0, 0, 0, 0 })]
    [InlineData(2, new[] { 0, 0, 1, 1 })]
    [InlineData(3, new[] { 0, 0, 1, 2 })]
    [InlineData(4, new[] { 0, 1, 2, 3 })]
    [InlineData(8, new[] { 0, 1, 2, 3 })]
    public void The_published_network_goes_on_equal_silos(int silos, int[] expected) =>
        Assert.Equal(expected, PlacementPlan.Compute([1.568, 4, 4, 4], Equal(silos)).SiloOfLayer);

    [Fact]
    public void Neighbours_part_where_that_makes_the_slowest_silo_faster() =>
        Assert.Equal([0, 1, 1, 0], PlacementPlan.Compute([3, 2, 2, 1], Equal(2)).SiloOfLayer);

    [Theory]
    [InlineData(new double[] { 1, 1, 1, 1 }, 2, 1)]
    [InlineData(new double[] { 1.568, 4, 4, 4 }, 2, 0)]
    [InlineData(new double[] { 1.568, 4, 4, 4 }, 8, 0)]
    [InlineData(new double[] { 4, 4, 4, 1 }, 2, 1)]
    [InlineData(new double[] { 3.7, 4 }, 2, 1)]
    [InlineData(new double[] { 1, 1, 1 }, 1, 0)]
    public void The_readout_is_beside_the_last_layer_unless_another_silo_with_layers_has_clearly_less_to_do(
        double[] costs,
        int silos,
        int expected
    ) => Assert.Equal(expected, PlacementPlan.Compute(costs, Equal(silos)).SiloOfReadout);

    [Fact]
    public void Every_small_case_gets_the_first_of_the_placements_that_no_other_beats()
    {
        var draws = new Draws(20260801);
        for (var i = 0; i < 400; i++)
        {
            var costs = draws.Many(1 + draws.Below(6), 9);
            var rates = Array.ConvertAll(
                draws.Many(1 + draws.Below(4), EveryPlacement.Rates.Length),
                rate => EveryPlacement.Rates[rate - 1]
            );
            var plan = PlacementPlan.Compute([.. costs.Select(cost => (double)cost)], Measured(rates)).SiloOfLayer;
            var (time, boundaries, first) = EveryPlacement.Best(costs, rates);
            var judged = EveryPlacement.Judge(plan, costs, rates);
            var why =
                $"costs {string.Join(' ', costs)}, rates {string.Join(' ', rates)}: {string.Join(' ', plan)} instead of "
                + $"{string.Join(' ', first)}";
            Assert.True(judged == (time, boundaries), why);
            Assert.True(first.SequenceEqual(plan), why);
        }
    }

    [Fact]
    public void A_silo_without_a_gpu_takes_nothing_where_another_has_one()
    {
        var plan = PlacementPlan.Compute([1, 1, 1], [new("cpu", 900), new("cuda", 100), new("cpu", 0), new("cuda", 100)]);
        Assert.Equal([1, 1, 3], plan.SiloOfLayer);
        Assert.Equal(
            "3 layers on 2 of 4 silos (2 without a GPU left out); the busiest takes 67 % of the work, a perfect split would give it 50 %.",
            plan.Reason
        );
    }

    [Fact]
    public void The_only_gpu_takes_every_layer() =>
        Assert.Equal([1, 1, 1, 1], PlacementPlan.Compute([1.568, 4, 4, 4], [new("cpu", 1), new("cuda", 0)]).SiloOfLayer);

    [Theory]
    [InlineData(60, new[] { 0, 0, 0, 0, 1, 1 })]
    [InlineData(20, new[] { 0, 0, 0, 0, 0, 1 })]
    [InlineData(10, new[] { 0, 0, 0, 0, 0, 0 })]
    public void A_slower_silo_takes_less_or_nothing(int rate, int[] expected) =>
        Assert.Equal(expected, PlacementPlan.Compute([1, 1, 1, 1, 1, 1], Measured(100, rate)).SiloOfLayer);

    [Fact]
    public void With_fewer_layers_than_silos_the_fastest_take_them() =>
        Assert.Equal([1, 3], PlacementPlan.Compute([1, 1], Measured(10, 50, 20, 50, 10)).SiloOfLayer);

    [Theory]
    [InlineData(100, 110, 90)]
    [InlineData(110, 100, 91)]
    [InlineData(90, 100, 110)]
    public void A_difference_that_a_measurement_makes_by_chance_changes_nothing(int first, int second, int third) =>
        Assert.Equal(
            PlacementPlan.Compute([1.568, 4, 4, 4], Equal(3)),
            PlacementPlan.Compute([1.568, 4, 4, 4], Measured(first, second, third)),
            (expected, actual) => expected.Reason == actual.Reason && expected.SiloOfLayer.SequenceEqual(actual.SiloOfLayer)
        );

    [Theory]
    [InlineData(81, 0)]
    [InlineData(80, 1)]
    public void A_silo_counts_as_slower_from_a_fifth_on(int rate, int expected) =>
        Assert.Equal([expected], PlacementPlan.Compute([1], Measured(rate, 100)).SiloOfLayer);

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Where_one_silo_was_not_measured_all_count_as_equal(double rate) =>
        Assert.Equal([0, 1, 2], PlacementPlan.Compute([1, 1, 1], [new("cpu", 1), new("cpu", 1000), new("cpu", rate)]).SiloOfLayer);

    [Theory]
    [InlineData(256, 64)]
    [InlineData(64, 64)]
    [InlineData(64, 8)]
    [InlineData(24, 5)]
    public void Many_layers_and_silos_take_less_than_a_second(int layers, int silos)
    {
        var (costs, rates) = Many(layers, silos);
        Assert.InRange(SecondsOf(() => PlacementPlan.Compute(costs, Measured(rates))), 0, 1);
        Assert.InRange(SecondsOf(() => PlacementPlan.Compute(costs, Equal(silos))), 0, 1);
    }

    [Theory]
    [InlineData(256, 64)]
    [InlineData(64, 64)]
    [InlineData(64, 8)]
    [InlineData(24, 5)]
    public void Many_layers_and_silos_are_placed_no_worse_than_the_longest_first(int layers, int silos)
    {
        var (costs, rates) = Many(layers, silos);
        foreach (var offers in new[] { Equal(silos), Measured(rates) })
        {
            var comparable = SpeedClasses.Of(offers);
            var simple = Candidate.Of(FirstGuess.MaxFirst(costs, comparable), costs, comparable);
            Assert.InRange(
                Candidate.Of([.. PlacementPlan.Compute(costs, offers).SiloOfLayer], costs, comparable).Time,
                0,
                simple.TimeLimit
            );
        }
    }

    [Fact]
    public void Equal_layers_on_as_many_equal_silos_get_one_each() =>
        Assert.Equal(Enumerable.Range(0, 64), PlacementPlan.Compute([.. Enumerable.Repeat(4.0, 64)], Equal(64)).SiloOfLayer);

    [Fact]
    public void Many_layers_on_unequal_silos_stay_in_runs_of_neighbours_where_that_costs_nothing()
    {
        var plan = PlacementPlan.Compute([1.568, .. Enumerable.Repeat(4.0, 63)], Measured(100, 60, 30, 100, 60, 30, 100, 60)).SiloOfLayer;
        Assert.Equal(7, plan.Skip(1).Zip(plan).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public void The_reason_says_how_far_the_busiest_silo_is_from_a_perfect_split()
    {
        Assert.Equal(
            "4 layers on 3 of 3 silos; the busiest takes 41 % of the work, a perfect split would give it 33 %.",
            PlacementPlan.Compute([1.568, 4, 4, 4], Equal(3)).Reason
        );
        Assert.Equal(
            "2 layers on 1 of 2 silos; the busiest takes 100 % of the work, a perfect split would give it 91 %.",
            PlacementPlan.Compute([1, 1], Measured(10, 1)).Reason
        );
    }

    [Fact]
    public void Nothing_to_place_or_nowhere_to_place_it_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PlacementPlan.Compute([], Equal(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PlacementPlan.Compute([1], []));
    }

    private static (double[] Costs, int[] Rates) Many(int layers, int silos)
    {
        var draws = new Draws(7);
        return (Array.ConvertAll(draws.Many(layers, 1000), cost => (double)cost), draws.Many(silos, 1000));
    }

    // The best of three: other tests use the processor at the same time.
    private static double SecondsOf(Action work) =>
        Enumerable
            .Range(0, 3)
            .Min(_ =>
            {
                var watch = Stopwatch.StartNew();
                work();
                return watch.Elapsed.TotalSeconds;
            });

    private static SiloOffer[] Equal(int silos) => [.. Enumerable.Repeat(new SiloOffer("cpu", 0), silos)];

    private static SiloOffer[] Measured(params int[] rates) => Array.ConvertAll(rates, rate => new SiloOffer("cpu", rate));
}
