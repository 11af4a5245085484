using ForwardForward.Console.Rendering;

namespace ForwardForward.Console.Tests.Comparisons;

[Trait("Category", "Unit")]
public sealed class TextChartTests
{
    [Fact]
    public void Equal_ratios_are_equal_steps()
    {
        var lines = Of(('A', [(1, 1), (2, 0.1), (3, 0.01)]));

        int[] rows = [.. Enumerable.Range(0, lines.Count).Where(i => lines[i].Contains('A', StringComparison.Ordinal))];
        Assert.Equal([0, 6, 12], rows);
        Assert.StartsWith("  100 % │", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("   10 % │", lines[6], StringComparison.Ordinal);
        Assert.StartsWith("    1 % │", lines[12], StringComparison.Ordinal);
    }

    [Fact]
    public void Where_curves_meet_a_star_stands_for_all()
    {
        var lines = Of(('A', [(1, 0.5), (2, 0.1)]), ('B', [(1, 0.5), (2, 0.2)]));

        var marks = string.Concat(lines).Where(c => c is 'A' or 'B' or TextChart.Several);
        Assert.Equal("*AB", string.Concat(marks.Order()));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    public void No_line_is_longer_than_the_terminal(int width) =>
        Assert.All(
            TextChart.Of([('A', [.. Enumerable.Range(1, 1000).Select(i => ((double)i, 1.0 / i))])], "epochs", width, mark => $"{mark}"),
            line => Assert.InRange(line.Length, 1, width)
        );

    [Fact]
    public void What_is_not_above_nothing_has_no_place()
    {
        Assert.Empty(Of(('A', [(1, 0), (2, double.NaN)]), ('B', [])));
        Assert.NotEmpty(Of(('A', [(1, 0), (2, 0.1)])));
    }

    private static IReadOnlyList<string> Of(params (char, IReadOnlyList<(double, double)>)[] curves) =>
        TextChart.Of(curves, "epochs", 60, mark => $"{mark}");
}
