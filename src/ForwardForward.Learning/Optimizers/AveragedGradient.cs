using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Optimizers;

/// <summary>Hinton's optimizer: v = momentum v + (1 - momentum) gradient / B; w += rate (v - decay w).</summary>
internal sealed class AveragedGradient(Parameter parameter, OptimizerSpec spec) : IParameterUpdate
{
    private readonly Matrix _average = new(parameter.Master.Rows, parameter.Master.Columns, TorchSharp.torch.ScalarType.Float32);

    public IEnumerable<(string Name, Matrix Moment)> State => [($"{parameter.Name}.average", _average)];

    public void Step<T, TElement>(int firstRow, ReadOnlySpan<T> gradient, in UpdateStep step)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        var rows = gradient.Length / _average.Columns;
        var average = _average.RowSpan<float>(firstRow, rows);
        var weights = parameter.Master.RowSpan<float>(firstRow, rows);
        var rounded = parameter.Rounded is { } copy ? copy.RowSpan<ushort>(firstRow, rows) : [];
        var momentum = Vector512.Create((float)spec.Momentum);
        var share = Vector512.Create((float)((1 - spec.Momentum) / step.BatchSize));
        var rate = Vector512.Create(step.Rate);
        var kept = Vector512.Create(1 - (step.Rate * parameter.WeightDecay));
        var full = rounded.IsEmpty || Bf16Element.CanStream(ref rounded[0]) ? Lanes<T, TElement>.Full(weights.Length) : 0;
        ref var g = ref MemoryMarshal.GetReference(gradient);
        ref var a = ref MemoryMarshal.GetReference(average);
        ref var m = ref MemoryMarshal.GetReference(weights);
        ref var r = ref MemoryMarshal.GetReference(rounded);
        for (nint i = 0; i < full; i += Lanes<T, TElement>.Count)
        {
            var v = Vector512.FusedMultiplyAdd(
                Lanes<T, TElement>.Load(ref g, i),
                share,
                Lanes<float, Fp32Element>.Load(ref a, i) * momentum
            );
            var w = Vector512.FusedMultiplyAdd(v, rate, Lanes<float, Fp32Element>.Load(ref m, i) * kept);
            Lanes<float, Fp32Element>.Store(v, ref a, i);
            Lanes<float, Fp32Element>.Store(w, ref m, i);
            if (!rounded.IsEmpty)
            {
                Bf16Element.Stream(w, ref Unsafe.Add(ref r, i));
            }
        }

        Bf16Element.Fence();
        for (var i = full; i < weights.Length; i += Lanes<T, TElement>.Count)
        {
            var v = Vector512.FusedMultiplyAdd(
                Lanes<T, TElement>.Load(gradient, i),
                share,
                Lanes<float, Fp32Element>.Load(average, i) * momentum
            );
            var w = Vector512.FusedMultiplyAdd(v, rate, Lanes<float, Fp32Element>.Load(weights, i) * kept);
            Lanes<float, Fp32Element>.Store(v, average, i);
            Lanes<float, Fp32Element>.Store(w, weights, i);
            if (!rounded.IsEmpty)
            {
                Lanes<ushort, Bf16Element>.Store(w, rounded, i);
            }
        }
    }

    public void Dispose() => _average.Dispose();
}
