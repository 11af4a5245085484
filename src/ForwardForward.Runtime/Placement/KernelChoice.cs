using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Runtime.Placement;

/// <summary>Which kernels compute a run in a cluster whose silos have different ones.</summary>
internal static class KernelChoice
{
    /// <summary>
    /// Those of the silos that an exact run is to be computed by: all of one kind of kernels, GPUs before CPUs, then the kind that is done
    /// first, then that of most silos.
    /// </summary>
    public static IReadOnlyList<SiloMember> Of(IReadOnlyList<SiloMember> silos, ExperimentSpec spec, DataShape data)
    {
        var costs = Recipe.Of(spec).Network.Costs(data.Pixels, data.Classes);
        return silos
            .GroupBy(silo => silo.Profile.Kernels.GetValueOrDefault(spec.Precision))
            .Select(kind => kind.ToList())
            .OrderByDescending(kind => ClusterView.Offers(kind, spec.Precision).Any(offer => offer.HasGpu))
            .ThenBy(Time)
            .ThenByDescending(kind => kind.Count)
            .First();

        double Time(IReadOnlyList<SiloMember> kind)
        {
            var offers = ClusterView.Offers(kind, spec.Precision);
            return PlacementPlan.SlowestTime(PlacementPlan.Compute(costs, offers).SiloOfLayer, costs, offers);
        }
    }

    /// <summary>Those that compute in a precision.</summary>
    /// <exception cref="InvalidInputException">None does.</exception>
    public static IReadOnlyList<SiloMember> Able(IReadOnlyList<SiloMember> silos, Precision precision)
    {
        var able = silos.Where(silo => silo.Profile.Computes(precision)).ToList();
        return able.Count > 0 || silos.Count == 0
            ? able
            : throw new InvalidInputException(
                "precision: no silo's matrix library multiplies small integers exactly, so none computes in portable precision; expected "
                    + "fp32, bf16 or auto."
            );
    }

    /// <summary>What stages are computed by; of a silo that tells no kernels, as in one process, those of this one.</summary>
    /// <param name="stages">Their names.</param>
    /// <param name="places">Of each stage.</param>
    public static async Task<IReadOnlyList<StageKernels>> OfStages(
        IReadOnlyList<string> stages,
        IReadOnlyList<SiloMember> places,
        Precision precision
    )
    {
        var here = places.All(silo => silo.Profile.Kernels.ContainsKey(precision))
            ? ""
            : await Task.Run(() => KernelFingerprint.Of(precision));
        return [.. stages.Zip(places, (stage, silo) => new StageKernels(stage, [silo.Profile.Kernels.GetValueOrDefault(precision, here)]))];
    }
}
