using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Layers;

/// <summary>
/// What a layer multiplies in portable precision. Rows come as integers, sixteenths of their mean size; weights and gradients become
/// integers by powers of two, one for each unit. So every product is exact, whoever computes it (<see cref="IntegerProducts"/>), and it is
/// then rounded to bf16, as a product in bf16 would have been.
/// </summary>
/// <param name="shape">Of the layer.</param>
/// <param name="carrier">Floats that hold the integers, fp32 or bf16.</param>
internal sealed class IntegerOperands(LayerShape shape, Precision carrier)
{
    private const float OneStep = 1f / SixteenthsElement.Steps;

    // A row has mean square 1, in steps at most so much a column with what rounding adds; a label above may be one step short of 16.
    private readonly float _lengthOfRow =
        ((SixteenthsElement.Steps + 0.6f) * MathF.Sqrt(shape.Below + shape.Above)) + SixteenthsElement.Largest;
    private readonly float[] _weightSteps = new float[shape.Units];
    private readonly float[] _gradientSteps = new float[shape.Units];
    private readonly float[] _largest = new float[shape.Units];
    private readonly float[] _squares = new float[shape.Units];
    private readonly float[][] _inputSums = // over the positive rows, in steps, of every place
    [.. Enumerable.Range(0, shape.Field?.Places.Count ?? 1).Select(_ => new float[shape.Inputs])];
    private readonly IRowPasses _passes = RowPasses.For(carrier);

    /// <summary>Writes a row that was sent as operands.</summary>
    public void Take(ReadOnlySpan<byte> row, Matrix x, int to, int first)
    {
        if (carrier == Precision.Fp32)
        {
            Take<float, Fp32Element>(row, x.Row<float>(to).Slice(first, row.Length));
        }
        else
        {
            Take<ushort, Bf16Element>(row, x.Row<ushort>(to).Slice(first, row.Length));
        }
    }

    public void Clear(Matrix operands, int row, int first, int count)
    {
        var element = carrier.ElementBytes();
        operands.Row<byte>(row).Slice(first * element, count * element).Clear();
    }

    /// <summary>Rounds the weights of one unit, and keeps in what steps.</summary>
    public void Round(Matrix weights, Matrix operands, int unit)
    {
        var row = weights.Row<float>(unit);
        var (largest, squares) = IntegerProducts.Measured(row);
        var step = IntegerProducts.Scale(largest, squares, row.Length, _lengthOfRow);
        _weightSteps[unit] = step * OneStep;
        Write(row, 1 / step, operands, unit, 0);
    }

    /// <summary>Writes the products of some units in their real size to z, in bf16.</summary>
    public void Scale(Matrix product, Matrix z, int rows, Range units)
    {
        var (first, count) = units.GetOffsetAndLength(product.Columns);
        for (var row = 0; row < rows; row++)
        {
            var to = z.Row<ushort>(row).Slice(first, count);
            var steps = _weightSteps.AsSpan(first, count);
            if (carrier == Precision.Fp32)
            {
                Scale<float, Fp32Element>(product.Row<float>(row).Slice(first, count), steps, to);
            }
            else
            {
                Scale<ushort, Bf16Element>(product.Row<ushort>(row).Slice(first, count), steps, to);
            }
        }
    }

    /// <summary>Adds up what the positive rows have in some columns.</summary>
    public void SumInputs(Matrix x, int place, int positive, int first, int count) =>
        _passes.Sum(x, positive, first, _inputSums[place].AsSpan(first, count));

    public void BeginGradients(int first, int count)
    {
        _largest.AsSpan(first, count).Clear();
        _squares.AsSpan(first, count).Clear();
    }

    /// <summary>Takes in what one row pulls some units by.</summary>
    public void Measure(ReadOnlySpan<float> gradient, int first)
    {
        Span<float> largest = _largest.AsSpan(first, gradient.Length),
            squares = _squares.AsSpan(first, gradient.Length);
        LanePass<float, Fp32Element, float, Fp32Element>.Map(gradient, largest, largest, new LargerMagnitude());
        LanePass<float, Fp32Element, float, Fp32Element>.Map(gradient, squares, squares, new AddSquare());
    }

    /// <summary>Chooses in what steps some units' gradients are rounded.</summary>
    /// <param name="rows">That are multiplied: each has inputs up to the largest integer.</param>
    public void ChooseSteps(int first, int count, int rows)
    {
        var lengthOfColumn = SixteenthsElement.Largest * MathF.Sqrt(rows);
        for (var unit = first; unit < first + count; unit++)
        {
            _gradientSteps[unit] = IntegerProducts.Scale(_largest[unit], _squares[unit], rows, lengthOfColumn);
        }
    }

    /// <summary>Writes what one row pulls some units by as operands.</summary>
    public void RoundGradient(Span<float> gradient, Matrix operands, int row, int first)
    {
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] /= _gradientSteps[first + i]; // by a power of two: exact
        }

        Write(gradient, 1, operands, row, first);
    }

    /// <summary>
    /// The gradient of one unit's weights in its real size: of the product, and of the pull of its peers on the positive rows.
    /// </summary>
    public void Gradient(Matrix product, int row, int unit, int place, float peers, Span<float> gradient)
    {
        var scale = _gradientSteps[unit] * OneStep;
        if (carrier == Precision.Fp32)
        {
            Gradient<float, Fp32AsBf16Element>(product.Row<float>(row), scale, _inputSums[place], peers * OneStep, gradient);
        }
        else
        {
            Gradient<ushort, Bf16Element>(product.Row<ushort>(row), scale, _inputSums[place], peers * OneStep, gradient);
        }
    }

    private static void Take<T, TElement>(ReadOnlySpan<byte> row, Span<T> operands)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        LanePass<byte, SixteenthsElement, T, TElement>.Map(row, operands[..row.Length], new Times(SixteenthsElement.Steps));
    }

    private void Write(ReadOnlySpan<float> values, float scale, Matrix operands, int row, int first)
    {
        if (carrier == Precision.Fp32)
        {
            Write<float, Fp32Element>(values, scale, operands.Row<float>(row).Slice(first, values.Length));
        }
        else
        {
            Write<ushort, Bf16Element>(values, scale, operands.Row<ushort>(row).Slice(first, values.Length));
        }
    }

    private static void Write<T, TElement>(ReadOnlySpan<float> values, float scale, Span<T> operands)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        LanePass<float, Fp32Element, T, TElement>.Map(values, operands[..values.Length], new RoundTimes(scale));
    }

    private static void Scale<T, TElement>(ReadOnlySpan<T> product, ReadOnlySpan<float> steps, Span<ushort> z)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        LanePass<T, TElement, ushort, Bf16Element>.Map(product, steps, z[..product.Length], new TimesOthers());
    }

    private static void Gradient<T, TElement>(
        ReadOnlySpan<T> product,
        float scale,
        ReadOnlySpan<float> sums,
        float peers,
        Span<float> gradient
    )
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        LanePass<T, TElement, float, Fp32Element>.Map(product, sums, gradient[..product.Length], new AddWeighted(scale, peers));
    }
}

/// <summary>scale * lanes + share * others.</summary>
internal readonly struct AddWeighted(float scale, float share) : ILaneFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> lanes, Vector512<float> others) => (lanes * scale) + (others * share);
}

internal readonly struct LargerMagnitude : ILaneFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> lanes, Vector512<float> others) => Vector512.Max(others, Vector512.Abs(lanes));
}

internal readonly struct AddSquare : ILaneFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> lanes, Vector512<float> others) => others + (lanes * lanes);
}
