using System.Runtime.Intrinsics;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Optimizers;

/// <summary>Adam with decoupled weight decay (Kingma and Ba 2014, algorithm 1; Loshchilov and Hutter 2017), going uphill.</summary>
internal sealed class Adam(Parameter parameter, OptimizerSpec spec) : IParameterUpdate
{
    private const float Epsilon = 1e-8f;
    private readonly Matrix _first = new(parameter.Master.Rows, parameter.Master.Columns, TorchSharp.torch.ScalarType.Float32);
    private readonly Matrix _second = new(parameter.Master.Rows, parameter.Master.Columns, TorchSharp.torch.ScalarType.Float32);

    public IEnumerable<(string Name, Matrix Moment)> State =>
        [($"{parameter.Name}.first_moment", _first), ($"{parameter.Name}.second_moment", _second)];

    public void Step<T, TElement>(int firstRow, ReadOnlySpan<T> gradient, in UpdateStep step)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        var rows = gradient.Length / _first.Columns;
        var first = _first.RowSpan<float>(firstRow, rows);
        var second = _second.RowSpan<float>(firstRow, rows);
        var weights = parameter.Master.RowSpan<float>(firstRow, rows);
        var rounded = parameter.Rounded is { } copy ? copy.RowSpan<ushort>(firstRow, rows) : [];
        var perRow = 1f / step.BatchSize;
        float beta1 = (float)spec.Momentum,
            beta2 = (float)spec.SecondMomentum;
        float share1 = (float)(1 - spec.Momentum),
            share2 = (float)(1 - spec.SecondMomentum); // 1 - beta2 in fp32 would be off by 1e-5
        var stepSize = (float)(step.Rate / (1 - Power(spec.Momentum, step.Update)));
        var secondScale = (float)(1 / (1 - Power(spec.SecondMomentum, step.Update)));
        var kept = 1 - (step.Rate * parameter.WeightDecay);
        for (var i = 0; i < weights.Length; i += Lanes<T, TElement>.Count)
        {
            var g = Lanes<T, TElement>.Load(gradient, i) * perRow;
            var m = (Lanes<float, Fp32Element>.Load(first, i) * beta1) + (g * share1);
            var v = (Lanes<float, Fp32Element>.Load(second, i) * beta2) + (g * g * share2);
            var w =
                (Lanes<float, Fp32Element>.Load(weights, i) * kept)
                + (m * stepSize / (Vector512.Sqrt(v * secondScale) + Vector512.Create(Epsilon)));
            Lanes<float, Fp32Element>.Store(m, first, i);
            Lanes<float, Fp32Element>.Store(v, second, i);
            Lanes<float, Fp32Element>.Store(w, weights, i);
            if (!rounded.IsEmpty)
            {
                Lanes<ushort, Bf16Element>.Store(w, rounded, i);
            }
        }
    }

    private double Power(double decay, long update) => spec.IsPortable ? Series.Power(decay, update) : Math.Pow(decay, update);

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }
}
