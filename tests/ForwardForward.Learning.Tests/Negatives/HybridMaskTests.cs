using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Negatives;
using Purpose = ForwardForward.Learning.Exactness.RandomPurpose;

namespace ForwardForward.Learning.Tests.Recipes;

public sealed class HybridMaskTests
{
    private const int Side = 28;
    private const int Masks = 200;

    [Fact]
    public void Masks_are_on_for_half_of_the_pixels_on_average_and_no_two_are_alike()
    {
        var masks = Draw(blurs: 6);

        Assert.InRange(masks.Average(mask => mask.Average(on => on ? 1.0 : 0)), 0.45, 0.55);
        Assert.Equal(Masks, masks.DistinctBy(mask => string.Concat(mask.Select(on => on ? '1' : '0'))).Count());
    }

    [Fact]
    public void The_more_blurs_the_larger_the_regions()
    {
        Assert.InRange(Edges(Draw(blurs: 0)), 0.45, 0.55); // independent bits
        Assert.InRange(Edges(Draw(blurs: 6)), 0.05, 0.2);
        Assert.True(Edges(Draw(blurs: 20)) < Edges(Draw(blurs: 6)));
    }

    // Share of neighbours in a row that differ.
    private static double Edges(List<bool[]> masks) =>
        masks.Average(mask =>
            Enumerable.Range(0, mask.Length - 1).Where(i => (i + 1) % Side != 0).Average(i => mask[i] != mask[i + 1] ? 1.0 : 0)
        );

    private static List<bool[]> Draw(int blurs)
    {
        var (source, random) = (new HybridMask(Side, Side, blurs), new KeyedRandom(1, Purpose.HybridMask, 0, 0));
        return [.. Enumerable.Range(0, Masks).Select(_ => source.Next(ref random).ToArray())];
    }
}
