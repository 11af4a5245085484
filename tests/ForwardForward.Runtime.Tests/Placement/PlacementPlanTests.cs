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
        Assert.Equal(expected, PlacementPlan.Compute(costs, silos).SiloOfLayer);

    [Fact]
    public void The_reason_says_how_large_the_largest_load_is() =>
        Assert.Contains("2 of 2 silos; the largest load is 75", PlacementPlan.Compute([3, 1], 2).Reason, StringComparison.Ordinal);
}
