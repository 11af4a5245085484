using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Membership;

/// <summary>Has this silo's log say which silos are there, of which version, and who comes and goes.</summary>
internal sealed partial class MembershipLog(ILocalSiloDetails silo, ClusterView cluster, ILogger<MembershipLog> logger)
    : ILifecycleParticipant<ISiloLifecycle>,
        IDisposable
{
    private readonly ILogger _logger = logger;
    private readonly CancellationTokenSource _stopping = new();

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(MembershipLog), ServiceLifecycleStage.Active, Start, _ => _stopping.CancelAsync());

    public void Dispose() => _stopping.Dispose();

    private Task Start(CancellationToken cancellation)
    {
        _ = Task.Run(Follow, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Follow()
    {
        IReadOnlyList<SiloMember>? before = null;
        try
        {
            await foreach (var _ in cluster.Changes(_stopping.Token))
            {
                var now = await cluster.Silos();
                Say(before, now);
                before = now;
            }
        }
        catch (OperationCanceledException) { }
    }

    private void Say(IReadOnlyList<SiloMember>? before, IReadOnlyList<SiloMember> now)
    {
        if (before is null)
        {
            var silos = string.Join(", ", now.Select(Named));
            LogIn(silo.Name, silo.ClusterId, now.Count, silos);
            return;
        }

        foreach (var come in Without(now, before).Select(Named))
        {
            LogCome(come, now.Count);
        }

        foreach (var gone in Without(before, now).Select(Named))
        {
            LogLeft(gone, now.Count);
        }
    }

    private static IEnumerable<SiloMember> Without(IReadOnlyList<SiloMember> silos, IReadOnlyList<SiloMember> others) =>
        silos.ExceptBy(others.Select(other => other.Address), silo => silo.Address);

    private static string Named(SiloMember member) => $"{member.Name} ({member.Endpoint}, version {member.Profile.Version})";

    [LoggerMessage(EventId = 43, Level = LogLevel.Information, Message = "{Silo} is in the cluster '{Cluster}' of {Count}: {Silos}")]
    private partial void LogIn(string silo, string cluster, int count, string silos);

    [LoggerMessage(EventId = 44, Level = LogLevel.Information, Message = "{Other} has joined; silos in the cluster: {Count}")]
    private partial void LogCome(string other, int count);

    [LoggerMessage(EventId = 45, Level = LogLevel.Information, Message = "{Other} is in the cluster no more; silos left: {Count}")]
    private partial void LogLeft(string other, int count);
}
