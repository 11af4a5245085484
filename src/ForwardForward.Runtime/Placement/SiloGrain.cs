using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Telemetry;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Placement;

[PlannedPlacement]
internal sealed partial class SiloGrain(IClusterMembershipService cluster, ILocalSiloDetails silo, ILogger<SiloGrain> logger)
    : Grain,
        ISiloGrain
{
    public async Task Know(MembershipVersion membership) => await cluster.Refresh(membership);

    public Task Say(string run, int generation, string what)
    {
        var log = RunLogger.Of(logger, run, silo.Name, () => generation);
        LogSaid(log, what);
        return Task.CompletedTask;
    }

    public Task<double> Measure(ExperimentSpec spec, int pixels) =>
        Task.Run(() => MatrixRate.MeasureUnlessBusy(ProductsOf.Step(spec, pixels), Environment.ProcessorCount));

    [LoggerMessage(EventId = 24, Level = LogLevel.Information, Message = "{What}")]
    private static partial void LogSaid(ILogger log, string what);
}
