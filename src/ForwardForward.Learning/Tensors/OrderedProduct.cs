using System.Runtime.Intrinsics;

namespace ForwardForward.Learning.Tensors;

/// <summary>Small products of any floats, added up in one order on every machine: 16 lanes, and then the lanes.</summary>
internal static class OrderedProduct
{
    private const int Step = Lanes<float, Fp32Element>.Count;

    /// <summary>Writes left right^T: N x C of N x F and C x F.</summary>
    public static void OfRows(Matrix target, Matrix left, Matrix right, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var products = target.Row<float>(row);
            for (var c = 0; c < products.Length; c++)
            {
                products[c] = Dot(left.Row<float>(row), right.Row<float>(c));
            }
        }
    }

    /// <summary>Writes left right: N x F of N x C and C x F.</summary>
    public static void Of(Matrix target, Matrix left, Matrix right, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var sums = target.Row<float>(row);
            var factors = left.Row<float>(row);
            sums.Clear();
            for (var c = 0; c < factors.Length; c++)
            {
                Add(sums, right.Row<float>(c), factors[c]);
            }
        }
    }

    /// <summary>target = kept target + scale left^T right, C x F of N x C and N x F.</summary>
    public static void OfColumns(Matrix target, Matrix left, Matrix right, int rows, float kept, float scale)
    {
        for (var c = 0; c < target.Rows; c++)
        {
            var sums = target.Row<float>(c);
            for (var i = 0; i < sums.Length; i += Step)
            {
                Lanes<float, Fp32Element>.Store(Lanes<float, Fp32Element>.Load(sums, i) * kept, sums, i);
            }

            for (var row = 0; row < rows; row++)
            {
                Add(sums, right.Row<float>(row), left.Row<float>(row)[c] * scale);
            }
        }
    }

    private static void Add(Span<float> sums, ReadOnlySpan<float> row, float factor)
    {
        var factors = Vector512.Create(factor);
        for (var i = 0; i < sums.Length; i += Step)
        {
            var sum = Lanes<float, Fp32Element>.Load(sums, i) + (Lanes<float, Fp32Element>.Load(row, i) * factors);
            Lanes<float, Fp32Element>.Store(sum, sums, i);
        }
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Vector512<float> even = default,
            odd = default;
        for (var i = 0; i < left.Length; i += 2 * Step)
        {
            even += Lanes<float, Fp32Element>.Load(left, i) * Lanes<float, Fp32Element>.Load(right, i);
            if (i + Step < left.Length)
            {
                odd += Lanes<float, Fp32Element>.Load(left, i + Step) * Lanes<float, Fp32Element>.Load(right, i + Step);
            }
        }

        var lanes = even + odd;
        var sum = 0f;
        for (var lane = 0; lane < Step; lane++)
        {
            sum += lanes[lane];
        }

        return sum;
    }
}
