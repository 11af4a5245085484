using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class PanelsTests
{
    [Theory]
    [InlineData(2000, 256, 1, 8)]
    [InlineData(2000, 1000, 2, 2)]
    [InlineData(37, 1000, 2, 2)]
    [InlineData(1, 1000, 2, 1)]
    [InlineData(257, 256, 1, 2)]
    [InlineData(1003, 25, 1, 41)]
    public void Cover_the_dimension_once_in_order_with_nearly_equal_sizes(int size, int largest, int atLeast, int expected)
    {
        var panels = Panels.Of(size, largest, atLeast);
        var lengths = Enumerable.Range(0, panels.Count).Select(p => panels[p].GetOffsetAndLength(size)).ToList();

        Assert.Equal(expected, panels.Count);
        Assert.Equal(Enumerable.Range(0, size), lengths.SelectMany(l => Enumerable.Range(l.Offset, l.Length)));
        Assert.InRange(lengths.Max(l => l.Length) - lengths.Min(l => l.Length), 0, 1);
        Assert.Equal(lengths.Max(l => l.Length), panels.Largest);
        Assert.InRange(panels.Largest, 1, largest);
    }
}
