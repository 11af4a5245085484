using System.Runtime.InteropServices;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class ActivationsTests
{
    private const int Width = 70_001; // nothing else in these tests rents that much, so the pool for it is theirs

    [Theory]
    [InlineData(Precision.Fp32, 12)]
    [InlineData(Precision.Bf16, 6)]
    public void Length_is_that_of_the_rows(Precision precision, int bytesPerRow)
    {
        using var rows = Activations.Rent(5, 3, precision);
        Assert.Equal((5 * bytesPerRow, 5, 3), (rows.Length, rows.Rows, rows.Width));
        Assert.Equal(rows.Length, rows.Bytes.Length);
    }

    [Fact]
    public void A_share_sees_its_rows_and_outlives_the_original()
    {
        var rows = Activations.Rent(4, 2, Precision.Fp32);
        Enumerable.Range(0, 8).Select(i => (float)i).ToArray().CopyTo(MemoryMarshal.Cast<byte, float>(rows.Bytes));
        var middle = rows.Share(1, 2);
        rows.Dispose();
        using var last = middle.Share(1, 1);
        middle.Dispose();

        Assert.Equal([4f, 5f], MemoryMarshal.Cast<byte, float>(last.Bytes).ToArray());
    }

    [Fact]
    public void Memory_comes_back_from_the_pool_when_the_last_view_is_disposed()
    {
        var rows = Activations.Rent(1, Width, Precision.Fp32);
        var memory = Address(rows);
        rows.Dispose();

        using var again = Activations.Rent(1, Width, Precision.Fp32);
        Assert.Equal(memory, Address(again));
    }

    [Fact]
    public void Memory_stays_away_from_the_pool_while_any_view_lives()
    {
        var rows = Activations.Rent(2, Width, Precision.Fp32);
        using var share = rows.Share(0, 1);
        var memory = Address(rows);
        rows.Dispose();
        rows.Dispose(); // harmless: a view counts once

        using Activations other = Activations.Rent(2, Width, Precision.Fp32),
            another = Activations.Rent(2, Width, Precision.Fp32);
        Assert.Equal(memory, Address(share));
        Assert.NotEqual(memory, Address(other));
        Assert.NotEqual(memory, Address(another));
        Assert.NotEqual(Address(other), Address(another));
    }

    [Fact]
    public void Disposing_twice_gives_the_memory_back_once()
    {
        var rows = Activations.Rent(3, Width, Precision.Fp32);
        rows.Dispose();
        rows.Dispose();

        using Activations first = Activations.Rent(3, Width, Precision.Fp32),
            second = Activations.Rent(3, Width, Precision.Fp32);
        Assert.NotEqual(Address(first), Address(second));
    }

    [Fact]
    public void Use_after_disposal_throws()
    {
        var rows = Activations.Rent(2, 2, Precision.Fp32);
        rows.Dispose();

        Assert.Throws<ObjectDisposedException>(() => rows.Bytes.Length);
        Assert.Throws<ObjectDisposedException>(() => rows.Share(0, 1));
    }

    [Fact]
    public void Refuses_shares_of_rows_that_are_not_there()
    {
        using var rows = Activations.Rent(2, 2, Precision.Fp32);
        using var last = rows.Share(1, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Share(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => last.Share(-1, 1)); // it would be a row of another view
    }

    [Fact]
    public void Refuses_a_precision_that_is_not_resolved() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Activations.Rent(1, 1, Precision.Auto));

    [Fact]
    public async Task Views_disposed_by_many_threads_release_the_memory_once()
    {
        for (var round = 0; round < 50; round++)
        {
            var rows = Activations.Rent(4, Width, Precision.Bf16);
            var views = Enumerable.Range(0, 8).Select(i => rows.Share(i % 4, 1)).Append(rows).ToArray();
            await Task.WhenAll(views.Select(view => Task.Run(view.Dispose)));
            using Activations first = Activations.Rent(4, Width, Precision.Bf16),
                second = Activations.Rent(4, Width, Precision.Bf16);
            Assert.NotEqual(Address(first), Address(second));
        }
    }

    private static unsafe nint Address(Activations rows)
    {
        fixed (byte* memory = rows.Bytes)
        {
            return (nint)memory; // pinned
        }
    }
}
