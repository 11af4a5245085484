using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace ForwardForward.Runtime.Placement;

/// <summary>The grain lives where its run's plan says, and nowhere else.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PlannedPlacementAttribute() : PlacementAttribute(new PlannedPlacement());

[GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class PlannedPlacement : PlacementStrategy;

/// <summary>
/// Puts a stage on the silo that its coordinator names with the first call. A call without a name does not make a stage: one that was lost
/// with its silo must not come up empty somewhere else because a neighbour still pushes to it.
/// </summary>
internal sealed class PlannedPlacementDirector(IClusterMembershipService membership, TimeProvider time) : IPlacementDirector
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        for (var started = time.GetTimestamp(); ; await Task.Delay(Pace, time))
        {
            if (IPlacementDirector.GetPlacementHint(target.RequestContextData, context.GetCompatibleSilos(target)) is { } planned)
            {
                return planned;
            }

            if (!IsPlannedOnAnActiveSilo(target) || time.GetElapsedTime(started) > MaxWait)
            {
                throw new StageLostException($"{target.GrainIdentity} is not open on any silo: its run is over, or its silo is gone.");
            }
        }
    }

    /// <summary>Makes the call with the silo that a stage is to live on.</summary>
    public static TTask On<TTask>(SiloAddress silo, Func<TTask> firstCall)
        where TTask : Task
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try
        {
            return firstCall();
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }

    // One that has just joined is active a moment before it is known here which grains it can have.
    private bool IsPlannedOnAnActiveSilo(PlacementTarget target) =>
        target.RequestContextData is { } data
        && data.TryGetValue(IPlacementDirector.PlacementHintKey, out var hint)
        && hint is SiloAddress planned
        && membership.CurrentSnapshot.GetSiloStatus(planned) == SiloStatus.Active;
}
