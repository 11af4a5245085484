using ForwardForward.Contracts.Stages;
using ForwardForward.Learning;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Runtime.Placement;

/// <summary>Whether a run fits the memory of the silos that it is to be placed on.</summary>
internal static class MemoryAdmission
{
    /// <summary>Refuses what would not fit however it is placed, before anything of its size is made.</summary>
    /// <exception cref="InvalidInputException">It fits nowhere; the sentence has the numbers.</exception>
    public static void RequireSome(ExperimentSpec spec, DataShape data, IReadOnlyList<SiloMember> silos)
    {
        var machines = silos.GroupBy(silo => silo.Profile.Cores).Select(machine => machine.Max(silo => silo.Profile.Memory)).ToList();
        var parts = Parts(spec, data);
        MemoryEstimate.Require(parts, "all silos together", machines.Sum());
        MemoryEstimate.Require([parts.MaxBy(part => part.Bytes)!], "one silo", machines.Max());
    }

    /// <summary>Refuses a placement that puts more on a machine than there is room for.</summary>
    /// <param name="silos">Those on the same cores share one memory.</param>
    /// <param name="plan">Of the silos by their position in the list; the images are on the first.</param>
    /// <exception cref="InvalidInputException">It does not; the sentence has the numbers.</exception>
    public static void Require(ExperimentSpec spec, DataShape data, IReadOnlyList<SiloMember> silos, PlacementPlan plan)
    {
        var places = plan.SiloOfLayer.Append(plan.SiloOfReadout).Append(0).Select(silo => silos[silo]);
        foreach (var machine in Parts(spec, data).Zip(places).GroupBy(part => part.Second.Profile.Cores))
        {
            var names = machine.Select(part => part.Second.Name).Distinct().Order(StringComparer.Ordinal);
            MemoryEstimate.Require(
                [.. machine.Select(part => part.First)],
                string.Join(", ", names),
                silos.Where(silo => silo.Profile.Cores == machine.Key).Max(silo => silo.Profile.Memory)
            );
        }
    }

    private static IReadOnlyList<PartMemory> Parts(ExperimentSpec spec, DataShape data) =>
        MemoryEstimate.Of(
            spec,
            new SlotPlan(spec, data.TrainImages, data.TestImages, data.Classes),
            (long)data.TrainImages + data.TestImages,
            data.Pixels,
            data.Classes
        );
}
