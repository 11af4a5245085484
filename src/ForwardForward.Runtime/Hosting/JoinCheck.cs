using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Hosting;

namespace ForwardForward.Runtime.Hosting;

/// <summary>
/// Looks at the silos that are there before this one becomes one of them, and refuses if it would compute other bits than they do, or keep
/// its checkpoints where they are lost. Of silos that joined at the same moment the younger one looks again.
/// </summary>
internal sealed class JoinCheck(
    ILocalSiloDetails silo,
    SiloProfile profile,
    ClusterView cluster,
    SharedFolderCheck folder,
    SiloRefusal refusal,
    IHostApplicationLifetime host,
    TimeProvider time
) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stopping = new();

    public void Participate(ISiloLifecycle observer)
    {
        observer.Subscribe(nameof(JoinCheck), ServiceLifecycleStage.ApplicationServices, Check, Left);
        observer.Subscribe(nameof(JoinCheck), ServiceLifecycleStage.Active, Joined, Leave);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task Check(CancellationToken cancellation)
    {
        var others = await cluster.Silos();
        foreach (var other in others)
        {
            if (profile.DiffersFrom(other.Profile) is { } difference)
            {
                throw Refused(other, difference);
            }
        }

        folder.Enter();
        if (await folder.Objection(others, mustKnow: true, cancellation) is var (beside, reason) && cluster.IsActive(beside.Address))
        {
            folder.Leave();
            throw Refused(beside, reason);
        }
    }

    private Task Joined(CancellationToken cancellation)
    {
        _ = Task.Run(Look, CancellationToken.None);
        _ = Task.Run(Stay, CancellationToken.None);
        return Task.CompletedTask;
    }

    private Task Leave(CancellationToken cancellation) => _stopping.CancelAsync();

    // Only now: for as long as the others take it for a member, its mark must be there.
    private Task Left(CancellationToken cancellation)
    {
        folder.Leave();
        return Task.CompletedTask;
    }

    private async Task Look()
    {
        try
        {
            await foreach (var _ in cluster.Changes(_stopping.Token))
            {
                var older = (await cluster.Silos()).Where(IsOlder).ToList();
                if (
                    await folder.Objection(older, mustKnow: false, _stopping.Token) is var (beside, reason)
                    && cluster.IsActive(beside.Address)
                )
                {
                    refusal.Sentence = Refused(beside, reason).Message;
                    host.StopApplication();
                    return;
                }
            }
        }
        catch (OperationCanceledException) { }
    }

    private async Task Stay()
    {
        while (!_stopping.IsCancellationRequested)
        {
            folder.Stay();
            await Task.Delay(Pace, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsOlder(SiloMember other) =>
        !other.Address.Equals(silo.SiloAddress)
        && (other.Address.Generation, other.Address).CompareTo((silo.SiloAddress.Generation, silo.SiloAddress)) < 0;

    private SiloRefusedException Refused(SiloMember other, string reason) =>
        new($"The silo {silo.Name} may not join the cluster '{silo.ClusterId}' beside {other.Name} ({other.Endpoint}): {reason}.");
}
