using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Optimizers;

/// <summary>fp32 master values, and where products are taken in bf16 a copy rounded to it.</summary>
internal sealed record Parameter(string Name, Matrix Master, Matrix? Rounded, float WeightDecay)
{
    public IParameterUpdate Update(OptimizerSpec spec) =>
        spec.Kind switch
        {
            OptimizerKind.AveragedGradient => new AveragedGradient(this, spec),
            OptimizerKind.Adam => new Adam(this, spec),
            _ => new OwnUpdate(this, Seams.Optimizers.Get(spec.Kind)(spec)),
        };
}
