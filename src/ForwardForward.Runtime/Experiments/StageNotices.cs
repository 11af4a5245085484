using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Experiments;

/// <summary>Has every silo's log say what the silo has of a run; the coordinator's own says it all anyway.</summary>
internal static class StageNotices
{
    /// <param name="layers">The silo of each stage that layers make.</param>
    /// <param name="coordinator">The silo that gets none.</param>
    public static void Give(
        StageAssignment assignment,
        IReadOnlyList<SiloMember> layers,
        SiloMember readout,
        SiloMember source,
        SiloAddress coordinator,
        IGrainFactory grains
    )
    {
        var parts = StageTopology.Of(assignment.Spec).Parts;
        foreach (var silo in layers.Append(readout).Append(source).DistinctBy(silo => silo.Address))
        {
            if (!silo.Address.Equals(coordinator))
            {
                bool IsIt(SiloMember other) => other.Address.Equals(silo.Address);
                var own = layers.Zip(parts).Where(one => IsIt(one.First)).Select(one => one.Second.Layer + 1);
                var has = PlacementText.Stages(own, IsIt(readout), IsIt(source));
                ClusterView.Tell(silo, assignment, $"{has} from slot {assignment.FirstSlot} on", grains);
            }
        }
    }
}
