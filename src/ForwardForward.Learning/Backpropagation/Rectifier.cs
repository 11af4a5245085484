using System.Runtime.Intrinsics;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Backpropagation;

/// <summary>What rectified linear units do to a row between two matrix products, in place.</summary>
internal interface IRectifier
{
    /// <summary>Makes y = scale max(0, z + b) of z.</summary>
    void Up(Matrix z, Matrix bias, int row, float scale);

    /// <summary>Makes the slope by z of the slope by y: scale times as much where y is above 0, else 0.</summary>
    void Down(Matrix slope, Matrix y, int row, float scale);
}

/// <inheritdoc cref="IRectifier"/>
internal sealed class Rectifier<T, TElement> : IRectifier
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    public void Up(Matrix z, Matrix bias, int row, float scale)
    {
        var y = z.Row<T>(row);
        var b = bias.Row<float>(0);
        var factor = Vector512.Create(scale);
        for (var i = 0; i < y.Length; i += Lanes<T, TElement>.Count)
        {
            var input = Lanes<T, TElement>.Load(y, i) + Lanes<float, Fp32Element>.Load(b, i);
            Lanes<T, TElement>.Store(Vector512.Max(Vector512<float>.Zero, input) * factor, y, i);
        }
    }

    public void Down(Matrix slope, Matrix y, int row, float scale)
    {
        var g = slope.Row<T>(row);
        var activity = y.Row<T>(row);
        var factor = Vector512.Create(scale);
        for (var i = 0; i < g.Length; i += Lanes<T, TElement>.Count)
        {
            var isOn = Vector512.GreaterThan(Lanes<T, TElement>.Load(activity, i), Vector512<float>.Zero);
            Lanes<T, TElement>.Store(
                Vector512.ConditionalSelect(isOn, Lanes<T, TElement>.Load(g, i) * factor, Vector512<float>.Zero),
                g,
                i
            );
        }
    }
}

/// <summary>The passes of a precision.</summary>
internal static class Rectifier
{
    public static IRectifier For(Precision precision) =>
        precision == Precision.Bf16 ? new Rectifier<ushort, Bf16Element>() : new Rectifier<float, Fp32Element>();
}
