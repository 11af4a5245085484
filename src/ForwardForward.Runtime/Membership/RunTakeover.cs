using ForwardForward.Contracts.Experiments;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Membership;

/// <summary>
/// Sees to it that every run that is not over has a coordinator, after silos were lost as well as when a cluster starts again: one of the
/// silos calls each of them, at every change of the cluster and every ten seconds, which brings those that are nowhere up on it.
/// </summary>
internal sealed partial class RunTakeover(
    ILocalSiloDetails silo,
    ClusterView cluster,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<RunTakeover> logger
) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    // what a silo that shuts down has brought to rest, it must not take up again
    private const int BeforeRunsLeave = ServiceLifecycleStage.Active + 2;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);
    private readonly ILogger _logger = logger;
    private readonly CancellationTokenSource _stopping = new();
    private IReadOnlySet<SiloAddress> _active = new HashSet<SiloAddress>();

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(RunTakeover), BeforeRunsLeave, Start, Stop);

    public void Dispose() => _stopping.Dispose();

    private Task Start(CancellationToken cancellation)
    {
        _ = Task.Run(Watch, CancellationToken.None);
        _ = Task.Run(Repeat, CancellationToken.None);
        return Task.CompletedTask;
    }

    private Task Stop(CancellationToken cancellation) => _stopping.CancelAsync();

    private async Task Watch()
    {
        try
        {
            await foreach (var active in cluster.Changes(_stopping.Token))
            {
                _active = active;
                _ = CallAll();
            }
        }
        catch (OperationCanceledException) { }
    }

    // A coordinator may also give its run up, to one that dies before it has begun.
    private async Task Repeat()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(Pace, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await CallAll();
        }
    }

    private async Task CallAll()
    {
        if (_stopping.IsCancellationRequested || !_active.Contains(silo.SiloAddress) || !IsTheOne())
        {
            return;
        }

        try
        {
            var runs = await grains.GetGrain<IRunIndexGrain>(IRunIndexGrain.Key).Unfinished();
            await Task.WhenAll(runs.Select(run => grains.GetGrain<IExperimentGrain>(run).Status()));
        }
        catch (Learning.InvalidInputException)
        {
            // A run that was withdrawn just now, or that a silo of an earlier contract cannot take up.
        }
        catch (Exception e)
        {
            LogNotCalled(e.Message);
        }
    }

    // Of the latest contract, which understands every run: what one without a coordinator comes up on is what it is with from then on.
    private bool IsTheOne()
    {
        var known = cluster.Known();
        var latest = known.Count == 0 ? 0 : known.Max(member => member.Profile.Contract);
        var able = known.Where(member => member.Profile.Contract == latest && _active.Contains(member.Address));
        return (able.Select(member => member.Address).Min() ?? _active.Min())!.Equals(silo.SiloAddress);
    }

    [LoggerMessage(
        EventId = 31,
        Level = LogLevel.Warning,
        Message = "The runs that are not over cannot be called, and it is tried again: {Reason}"
    )]
    private partial void LogNotCalled(string reason);
}
