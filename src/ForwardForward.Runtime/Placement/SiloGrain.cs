using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Runtime.Placement;

[PlannedPlacement]
internal sealed class SiloGrain(IClusterMembershipService cluster) : Grain, ISiloGrain
{
    public async Task Know(MembershipVersion membership) => await cluster.Refresh(membership);

    public Task<double> Measure(ExperimentSpec spec, int pixels) =>
        Task.Run(() => MatrixRate.MeasureUnlessBusy(ProductsOf.Step(spec, pixels), Environment.ProcessorCount));
}
