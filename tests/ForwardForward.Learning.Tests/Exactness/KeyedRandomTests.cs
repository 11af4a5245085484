using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Tests.Exactness;

public sealed class KeyedRandomTests
{
    // Computed apart from this program, from the published SplitMix64: these numbers are part of every result.
    [Theory]
    [InlineData(0, RandomPurpose.Weights, 0, 0, 0x1a2a69903431e5b4, 0x4381e1e32b6f2047, 0xc70830a758d51d25)]
    [InlineData(1, RandomPurpose.Weights, 0, 0, 0xa10da6baeb019f54, 0x4bfd4018063b1704, 0x4f8f794cb73da30e)]
    [InlineData(1, RandomPurpose.Order, 0, 0, 0xe938e6373db1e397, 0xe2fedbaa009316d2, 0x40203bafc41da161)]
    [InlineData(1, RandomPurpose.Weights, 1, 0, 0x90e4bf97fbf1d46f, 0x58b952c536306f7f, 0x3e6904197357ceaf)]
    [InlineData(1, RandomPurpose.Weights, 0, 1, 0x348443642f0a98a7, 0x43ad7aea36b854d7, 0x10ce24bb6dfcab39)]
    [InlineData(
        int.MaxValue,
        RandomPurpose.NegativeLabels,
        63,
        1_000_000_000_000,
        0xb2967d182399b50c,
        0x963709aa3c43636c,
        0x7fe48cc3839dfd2d
    )]
    public void Bits_never_change(int seed, RandomPurpose purpose, int layer, long slot, ulong first, ulong second, ulong third)
    {
        var random = new KeyedRandom(seed, purpose, layer, slot);
        Assert.Equal([first, second, third], [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()]);
    }

    [Fact]
    public void Numbers_never_change()
    {
        var singles = new KeyedRandom(7, RandomPurpose.NegativeLabels, 2, 5);
        var integers = new KeyedRandom(7, RandomPurpose.NegativeLabels, 2, 5);
        var order = new KeyedRandom(7, RandomPurpose.Order, 0, 3);

        Assert.Equal(
            [0.5459084510803223f, 0.8582070469856262f, 0.7867684364318848f, 0.025265932083129883f],
            Take(4, () => singles.NextSingle())
        );
        Assert.Equal([5, 8, 7, 0, 6, 8, 1, 0, 0, 2], Take(10, () => integers.NextInt32(10)));
        Assert.Equal([5, 4, 1, 6, 7, 9, 3, 2, 8, 0], order.NextOrder(10));
    }

    // Sine and logarithm come from the system's library, which may differ in the last bit.
    [Fact]
    public void Normals_never_change()
    {
        var random = new KeyedRandom(7, RandomPurpose.Weights, 2, 5);
        double[] expected = [0.8697823681070835, 1.0993395474318903, -1.7476666586024427, 0.7259519651836651];
        Assert.All(expected, value => Assert.Equal(value, random.NextNormal(), 1e-14));
    }

    [Fact]
    public void Streams_do_not_depend_on_the_order_in_which_they_are_asked()
    {
        KeyedRandom a = new(1, RandomPurpose.Order, 0, 0),
            b = new(1, RandomPurpose.Order, 0, 1);
        var interleaved = Take(3, () => (a.NextUInt64(), b.NextUInt64()));

        KeyedRandom later = new(1, RandomPurpose.Order, 0, 1),
            earlier = new(1, RandomPurpose.Order, 0, 0);
        var second = Take(3, () => later.NextUInt64());
        var first = Take(3, () => earlier.NextUInt64());
        Assert.Equal(first.Zip(second), interleaved);
    }

    [Fact]
    public void An_order_holds_every_number_once()
    {
        for (var count = 0; count < 50; count++)
        {
            var order = new KeyedRandom(1, RandomPurpose.Order, 0, count).NextOrder(count);
            Assert.Equal(Enumerable.Range(0, count), order.Order());
        }
    }

    [Fact]
    public void Every_place_of_an_order_is_equally_likely_to_hold_every_number()
    {
        const int Count = 5,
            Orders = 20_000;
        var seen = new int[Count * Count];
        for (var slot = 0; slot < Orders; slot++)
        {
            var order = new KeyedRandom(3, RandomPurpose.Order, 0, slot).NextOrder(Count);
            for (var place = 0; place < Count; place++)
            {
                seen[(place * Count) + order[place]]++;
            }
        }

        Assert.All(seen, count => Assert.InRange(count, (Orders / Count) - 300, (Orders / Count) + 300)); // 5 standard deviations
    }

    [Fact]
    public void Normals_have_mean_0_variance_1_and_the_tails_of_a_normal()
    {
        const int Count = 200_000;
        var random = new KeyedRandom(1, RandomPurpose.Weights, 0, 0);
        var values = Take(Count, () => random.NextNormal());

        Assert.Equal(0, values.Average(), 0.01);
        Assert.Equal(1, values.Average(v => v * v), 0.015);
        Assert.Equal(0.0455, values.Count(v => Math.Abs(v) > 2) / (double)Count, 0.002);
    }

    [Fact]
    public void Singles_stay_below_1_and_fill_the_unit_interval()
    {
        var random = new KeyedRandom(1, RandomPurpose.NegativeLabels, 0, 0);
        var values = Take(100_000, () => random.NextSingle());

        Assert.All(values, v => Assert.InRange(v, 0f, 0.99999994f));
        Assert.Equal(0.5, values.Average(v => (double)v), 0.005);
        Assert.Equal(1.0 / 12, values.Average(v => (v - 0.5) * (v - 0.5)), 0.001);
    }

    private static List<T> Take<T>(int count, Func<T> next) => [.. Enumerable.Range(0, count).Select(_ => next())];
}
