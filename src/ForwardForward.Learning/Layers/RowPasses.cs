using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Layers;

/// <summary>
/// What a layer does to rows between its two matrix products. z is the product without bias, y = max(0, z + b) is computed again where it
/// is needed, since that is cheaper than a second copy in memory.
/// </summary>
internal interface IRowPasses
{
    /// <summary>Leaves units of one row out: their z becomes minus infinity, and so their y 0.</summary>
    /// <param name="threshold">Out of 65,536: a unit whose 16 bits are below it is left out.</param>
    void Drop(Matrix z, int row, ushort threshold, KeyedRandom random);

    /// <summary>Sum of y^2 of one row, in fp32.</summary>
    float Squares(Matrix z, Matrix bias, int row);

    /// <summary>Writes y / sqrt(mean(y^2)) of one row.</summary>
    /// <param name="meanSquare">Over the layer's units, of which these may be a part.</param>
    void Normalize(Matrix z, Matrix bias, int row, float meanSquare, Activations normalized);

    /// <summary>
    /// Moves the state of one row on: h = kept before + (1 - kept) y, 0 where the unit is left out. Writes h and h / sqrt(mean(h^2)), and
    /// returns the sum of h^2. z becomes what gives h for y in the passes that follow, for the units that are on; the others have no part
    /// in them.
    /// </summary>
    /// <param name="before">h before, fp32; empty: h = y.</param>
    float Damp(Matrix z, Matrix bias, int row, ReadOnlySpan<float> before, float kept, Span<float> after, Activations normalized);

    /// <summary>Adds y of one row to the sums of the columns from <paramref name="first"/> on.</summary>
    void AddActivity(Matrix z, Matrix bias, int row, int first, Span<float> sums);

    /// <summary>
    /// Writes the local gradient pull * y of one row to row <paramref name="to"/> for the columns from <paramref name="first"/> on, and
    /// adds it to the gradient of the bias.
    /// </summary>
    void LocalGradient(Matrix z, Matrix bias, int row, int first, float pull, Matrix gradient, int to, Span<float> biasGradient);

    /// <summary>Sums of the first rows for the columns from <paramref name="first"/> on, in the order of the rows.</summary>
    void Sum(Matrix x, int rows, int first, Span<float> sums);

    /// <summary>Writes a piece of one row from the column <paramref name="first"/> on, rounded.</summary>
    void Round(ReadOnlySpan<float> values, Matrix target, int row, int first);
}

internal static class RowPasses
{
    public static IRowPasses For(Precision precision) =>
        precision switch
        {
            Precision.Portable => new RowPasses<ushort, Bf16Element, byte, SixteenthsElement>(),
            Precision.Bf16 => new RowPasses<ushort, Bf16Element, ushort, Bf16Element>(),
            _ => new RowPasses<float, Fp32Element, float, Fp32Element>(),
        };
}

/// <typeparam name="T">Of products.</typeparam>
/// <typeparam name="TElement">Likewise.</typeparam>
/// <typeparam name="TRow">Of what is handed on.</typeparam>
/// <typeparam name="TRowElement">Likewise.</typeparam>
internal sealed class RowPasses<T, TElement, TRow, TRowElement> : IRowPasses
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TRow : unmanaged
    where TRowElement : struct, IElement<TRow>
{
    private const int Step = Lanes<T, TElement>.Count;

    public void Drop(Matrix z, int row, ushort threshold, KeyedRandom random)
    {
        var product = z.Row<T>(row);
        var limit = Vector256.Create(threshold);
        for (var i = 0; i < product.Length; i += Step)
        {
            var bits = Vector256.Create(random.NextUInt64(), random.NextUInt64(), random.NextUInt64(), random.NextUInt64()).AsUInt16();
            var dropped = Vector256.LessThan(bits, limit).AsInt16();
            var isDropped = Vector512.Create(Vector256.WidenLower(dropped), Vector256.WidenUpper(dropped)).AsSingle();
            Lanes<T, TElement>.Store(
                Vector512.ConditionalSelect(isDropped, Vector512.Create(float.NegativeInfinity), Lanes<T, TElement>.Load(product, i)),
                product,
                i
            );
        }
    }

    public float Squares(Matrix z, Matrix bias, int row) => SumOfSquares(z.Row<T>(row), bias.Row<float>(0));

    public void Normalize(Matrix z, Matrix bias, int row, float meanSquare, Activations normalized)
    {
        ReadOnlySpan<T> product = z.Row<T>(row);
        ReadOnlySpan<float> b = bias.Row<float>(0);
        var target = MemoryMarshal.Cast<byte, TRow>(normalized.Bytes).Slice(row * z.Columns, z.Columns);
        var scale = Vector512.Create(1f / MathF.Sqrt(meanSquare + 1e-30f));
        var full = Lanes<T, TElement>.Full(product.Length);
        ref var from = ref MemoryMarshal.GetReference(product);
        ref var bias0 = ref MemoryMarshal.GetReference(b);
        ref var to = ref MemoryMarshal.GetReference(target);
        for (nint i = 0; i < full; i += Step)
        {
            Lanes<TRow, TRowElement>.Store(Activity(ref from, ref bias0, i) * scale, ref to, i);
        }

        if (full < product.Length)
        {
            Lanes<TRow, TRowElement>.Store(Activity(product, b, full) * scale, target, full);
        }
    }

    public float Damp(Matrix z, Matrix bias, int row, ReadOnlySpan<float> before, float kept, Span<float> after, Activations normalized)
    {
        var product = z.Row<T>(row);
        ReadOnlySpan<float> b = bias.Row<float>(0);
        Vector512<float> off = Vector512.Create(float.NegativeInfinity),
            old = Vector512.Create(kept),
            share = Vector512.Create(1 - kept),
            squares = default;
        for (var i = 0; i < product.Length; i += Step)
        {
            var bias16 = Lanes<float, Fp32Element>.Load(b, i);
            var input = Lanes<T, TElement>.Load(product, i) + bias16;
            var y = Vector512.Max(Vector512<float>.Zero, input);
            var h = before.IsEmpty ? y : (Lanes<float, Fp32Element>.Load(before, i) * old) + (y * share);
            h = Vector512.ConditionalSelect(Vector512.Equals(input, off), Vector512<float>.Zero, h);
            Lanes<float, Fp32Element>.Store(h, after, i);
            Lanes<T, TElement>.Store(
                Vector512.ConditionalSelect(Vector512.GreaterThan(y, Vector512<float>.Zero), h - bias16, off),
                product,
                i
            );
            squares += h * h;
        }

        var goodness = Total(squares);
        var scale = Vector512.Create(1f / MathF.Sqrt((goodness / z.Columns) + 1e-30f));
        var target = MemoryMarshal.Cast<byte, TRow>(normalized.Bytes).Slice(row * z.Columns, z.Columns);
        for (var i = 0; i < target.Length; i += Step)
        {
            Lanes<TRow, TRowElement>.Store(Lanes<float, Fp32Element>.Load(after, i) * scale, target, i);
        }

        return goodness;
    }

    public void AddActivity(Matrix z, Matrix bias, int row, int first, Span<float> sums)
    {
        ReadOnlySpan<T> product = z.Row<T>(row).Slice(first, sums.Length);
        ReadOnlySpan<float> b = bias.Row<float>(0).Slice(first, sums.Length);
        var full = Lanes<T, TElement>.Full(sums.Length);
        ref var from = ref MemoryMarshal.GetReference(product);
        ref var bias0 = ref MemoryMarshal.GetReference(b);
        ref var to = ref MemoryMarshal.GetReference(sums);
        for (nint i = 0; i < full; i += Step)
        {
            Lanes<float, Fp32Element>.Store(Lanes<float, Fp32Element>.Load(ref to, i) + Activity(ref from, ref bias0, i), ref to, i);
        }

        if (full < sums.Length)
        {
            Lanes<float, Fp32Element>.Store(Lanes<float, Fp32Element>.Load(sums, full) + Activity(product, b, full), sums, full);
        }
    }

    public void LocalGradient(Matrix z, Matrix bias, int row, int first, float pull, Matrix gradient, int to, Span<float> biasGradient)
    {
        var count = biasGradient.Length;
        ReadOnlySpan<T> product = z.Row<T>(row).Slice(first, count);
        ReadOnlySpan<float> b = bias.Row<float>(0).Slice(first, count);
        var target = gradient.Row<T>(to).Slice(first, count);
        var factor = Vector512.Create(pull);
        var full = Lanes<T, TElement>.Full(count);
        ref var from = ref MemoryMarshal.GetReference(product);
        ref var bias0 = ref MemoryMarshal.GetReference(b);
        ref var made = ref MemoryMarshal.GetReference(target);
        ref var sums = ref MemoryMarshal.GetReference(biasGradient);
        for (nint i = 0; i < full; i += Step)
        {
            var g = Activity(ref from, ref bias0, i) * factor;
            Lanes<T, TElement>.Store(g, ref made, i);
            Lanes<float, Fp32Element>.Store(Lanes<float, Fp32Element>.Load(ref sums, i) + g, ref sums, i);
        }

        if (full < count)
        {
            var g = Activity(product, b, full) * factor;
            Lanes<T, TElement>.Store(g, target, full);
            Lanes<float, Fp32Element>.Store(Lanes<float, Fp32Element>.Load(biasGradient, full) + g, biasGradient, full);
        }
    }

    public void Sum(Matrix x, int rows, int first, Span<float> sums)
    {
        sums.Clear();
        var full = Lanes<T, TElement>.Full(sums.Length);
        ref var to = ref MemoryMarshal.GetReference(sums);
        for (var row = 0; row < rows; row++)
        {
            ReadOnlySpan<T> values = x.Row<T>(row).Slice(first, sums.Length);
            ref var from = ref MemoryMarshal.GetReference(values);
            for (nint i = 0; i < full; i += Step)
            {
                Lanes<float, Fp32Element>.Store(
                    Lanes<float, Fp32Element>.Load(ref to, i) + Lanes<T, TElement>.Load(ref from, i),
                    ref to,
                    i
                );
            }

            if (full < sums.Length)
            {
                Lanes<float, Fp32Element>.Store(
                    Lanes<float, Fp32Element>.Load(sums, full) + Lanes<T, TElement>.Load(values, full),
                    sums,
                    full
                );
            }
        }
    }

    public void Round(ReadOnlySpan<float> values, Matrix target, int row, int first)
    {
        var rounded = target.Row<T>(row).Slice(first, values.Length);
        for (var i = 0; i < values.Length; i += Step)
        {
            Lanes<T, TElement>.Store(Lanes<float, Fp32Element>.Load(values, i), rounded, i);
        }
    }

    // Four sums side by side, added up in a fixed order: the result depends on the row alone.
    private static float SumOfSquares(ReadOnlySpan<T> z, ReadOnlySpan<float> bias)
    {
        Vector512<float> s0 = default,
            s1 = default,
            s2 = default,
            s3 = default;
        var full = Lanes<T, TElement>.Full(z.Length);
        ref var from = ref MemoryMarshal.GetReference(z);
        ref var bias0 = ref MemoryMarshal.GetReference(bias);
        nint i = 0;
        for (; i + (4 * Step) <= full; i += 4 * Step)
        {
            s0 += Squared(Activity(ref from, ref bias0, i));
            s1 += Squared(Activity(ref from, ref bias0, i + Step));
            s2 += Squared(Activity(ref from, ref bias0, i + (2 * Step)));
            s3 += Squared(Activity(ref from, ref bias0, i + (3 * Step)));
        }

        for (; i < full; i += Step)
        {
            s0 += Squared(Activity(ref from, ref bias0, i));
        }

        if (full < z.Length)
        {
            s0 += Squared(Activity(z, bias, full));
        }

        return Total(s0 + s1 + (s2 + s3));
    }

    private static Vector512<float> Squared(Vector512<float> y) => y * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Activity(ref T z, ref float bias, nint i) =>
        Vector512.Max(Vector512<float>.Zero, Lanes<T, TElement>.Load(ref z, i) + Lanes<float, Fp32Element>.Load(ref bias, i));

    private static Vector512<float> Activity(ReadOnlySpan<T> z, ReadOnlySpan<float> bias, int i) =>
        Vector512.Max(Vector512<float>.Zero, Lanes<T, TElement>.Load(z, i) + Lanes<float, Fp32Element>.Load(bias, i));

    // Vector512.Sum leaves its order to the processor.
    private static float Total(Vector512<float> lanes)
    {
        var eight = lanes.GetLower() + lanes.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }
}
