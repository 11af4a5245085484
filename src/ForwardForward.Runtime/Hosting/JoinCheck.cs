using ForwardForward.Runtime.Placement;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Hosting;

/// <summary>Looks at the silos that are there before this one becomes one of them, and refuses if it would compute other bits than they do.</summary>
internal sealed class JoinCheck(ILocalSiloDetails silo, SiloProfile profile, ClusterView cluster) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(JoinCheck), ServiceLifecycleStage.ApplicationServices, Check);

    private async Task Check(CancellationToken cancellation)
    {
        foreach (var other in await cluster.Silos())
        {
            if (profile.DiffersFrom(other.Profile) is { } difference)
            {
                throw new SiloRefusedException($"The silo {silo.Name} may not join the cluster '{silo.ClusterId}' beside {other.Name} ({other.Endpoint}): {difference}.");
            }
        }
    }
}
