using ForwardForward.Learning.Native;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class ProductTests
{
    private const int Apart = 3;

    public ProductTests() => LibTorch.EnsureLoaded();

    public static TheoryData<ScalarType, int, int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<ScalarType, int, int, int>();
            foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            {
                foreach (var (rows, inputs, columns) in new[] { (1, 400, 875), (300, 400, 1), (1, 64, 1), (2, 18, 875), (64, 400, 2) })
                {
                    sizes.Add(type, rows, inputs, columns);
                }
            }

            return sizes;
        }
    }

    /// <summary>A layer with one unit at each place of its grid has such vectors.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_product_is_right_however_its_numbers_lie(ScalarType type, int rows, int inputs, int columns)
    {
        using var scope = NewDisposeScope();
        foreach (var ofLeft in new[] { 1, Apart, -1, -Apart })
        {
            foreach (var ofRight in new[] { 1, Apart, -1, -Apart })
            {
                foreach (var ofTarget in new[] { 1, Apart })
                {
                    Tensor left = Integers(rows, inputs, ofLeft, type),
                        right = Integers(inputs, columns, ofRight, type),
                        target = Integers(rows, columns, ofTarget, type);
                    var expected = target.to(ScalarType.Float64) + left.to(ScalarType.Float64).matmul(right.to(ScalarType.Float64));

                    Product.Into(target, left, right, kept: 1);

                    Assert.True(target.eq(expected.to(type)).all().item<bool>(), $"{ofLeft} {ofRight} {ofTarget}");
                }
            }
        }
    }

    // Few are not 0, so that every sum is an integer that bf16 has, too.
    private static Tensor Integers(int rows, int columns, int apart, ScalarType type)
    {
        var (height, width) = apart < 0 ? (columns, rows) : (rows, columns);
        var values = Enumerable.Range(0, height * width * Math.Abs(apart)).Select(i => i % 7 == 0 ? (i / 7 % 3) - 1f : 0f).ToArray();
        var made = tensor(values).reshape(height, width * Math.Abs(apart)).to(type).narrow(1, 0, width);
        return apart < 0 ? made.t() : made;
    }
}
