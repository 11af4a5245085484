using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Runtime.Placement;

[PlannedPlacement]
internal sealed class MatrixRateGrain : Grain, IMatrixRateGrain
{
    public Task<double> Measure(ExperimentSpec spec, int pixels) => Task.Run(() => MatrixRate.Measure(spec, pixels, Environment.ProcessorCount));
}
