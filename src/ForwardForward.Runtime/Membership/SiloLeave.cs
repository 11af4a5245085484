using ForwardForward.Contracts.Experiments;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Membership;

/// <summary>What a silo does before it shuts down: has its runs moved elsewhere, with all they have done.</summary>
internal sealed partial class SiloLeave(ILocalSiloDetails silo, LocalRuns local, IGrainFactory grains, ILogger<SiloLeave> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private const int BeforeAnythingElseStops = ServiceLifecycleStage.Active + 1;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20); // a host gives 30 s for all of its shutdown
    private readonly ILogger _logger = logger;

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(SiloLeave), BeforeAnythingElseStops, _ => Task.CompletedTask, Leave);

    private async Task Leave(CancellationToken cancellation)
    {
        var runs = local.Names;
        try
        {
            await Task.WhenAll(runs.Select(run => grains.GetGrain<IExperimentGrain>(run).Leave(silo.SiloAddress)))
                .WaitAsync(Timeout, cancellation);
        }
        catch (Exception e)
        {
            LogNotMoved(string.Join(", ", runs), e.Message); // they are recovered from their last checkpoints
        }
    }

    [LoggerMessage(
        EventId = 30,
        Level = LogLevel.Warning,
        Message = "Not every run of this silo ({Runs}) was moved before it shut down: {Reason}"
    )]
    private partial void LogNotMoved(string runs, string reason);
}
