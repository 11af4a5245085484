using System.Runtime.CompilerServices;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Specs;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace ForwardForward.Runtime.Placement;

/// <summary>A silo that can take stages.</summary>
public sealed record SiloMember(SiloAddress Address, string Name, SiloProfile Profile)
{
    public string Endpoint => Address.Endpoint.ToString();
}

/// <summary>A silo that is there.</summary>
public sealed record ActiveSilo(SiloAddress Address, string Name)
{
    /// <summary>For a person; of silos that are there at the same time no two have the same.</summary>
    public override string ToString() => $"{Name} ({Address.Endpoint})";
}

/// <summary>The active silos and what they tell of themselves, as this silo sees them.</summary>
internal sealed class ClusterView(IClusterMembershipService membership, ISiloMetadataCache metadata, TimeProvider time)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>Says each time that silos have come or gone, from now on.</summary>
    public async IAsyncEnumerable<IReadOnlySet<SiloAddress>> Changes([EnumeratorCancellation] CancellationToken cancellation)
    {
        HashSet<SiloAddress>? before = null;
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellation))
        {
            HashSet<SiloAddress> active =
            [
                .. snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress),
            ];
            if (before is null || !before.SetEquals(active))
            {
                before = active;
                yield return active;
            }
        }
    }

    /// <summary>
    /// Waits until all these silos know what this one knows of the cluster, so that none still sends to one that is gone.
    /// </summary>
    public Task Agree(IReadOnlyList<SiloMember> silos, IGrainFactory grains)
    {
        var version = membership.CurrentSnapshot.Version;
        return Task.WhenAll(silos.Select(silo => PlannedPlacementDirector.On(silo.Address, () => Of(silo, grains).Know(version))));
    }

    /// <summary>Has a silo's log say something of a run; nobody waits for it.</summary>
    public static void Tell(SiloMember silo, StageAssignment assignment, string what, IGrainFactory grains) =>
        _ = PlannedPlacementDirector.On(silo.Address, () => Of(silo, grains).Say(assignment.Run, assignment.Generation, what));

    public bool IsActive(SiloAddress silo) => membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active;

    /// <summary>In the order of their addresses.</summary>
    public IReadOnlyList<ActiveSilo> Active() =>
        [
            .. membership
                .CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active)
                .OrderBy(m => m.SiloAddress)
                .Select(m => new ActiveSilo(m.SiloAddress, m.Name)),
        ];

    /// <summary>Those that have told of themselves, in the order of their addresses.</summary>
    public IReadOnlyList<SiloMember> Known() =>
        [
            .. from silo in Active()
            let profile = SiloProfile.FromMetadata(metadata.GetSiloMetadata(silo.Address).Metadata)
            where profile is not null
            select new SiloMember(silo.Address, silo.Name, profile),
        ];

    /// <summary>Those of them that can have a run together.</summary>
    public IReadOnlyList<SiloMember> Known(int contract) => [.. Known().Where(silo => silo.Profile.Contract == contract)];

    /// <summary>As <see cref="Silos()"/>, of one contract.</summary>
    public async Task<IReadOnlyList<SiloMember>> Silos(int contract) =>
        [.. (await Silos()).Where(silo => silo.Profile.Contract == contract)];

    /// <summary>As <see cref="Known()"/>, but waits for what a silo that has just joined has to tell, up to ten seconds.</summary>
    public async Task<IReadOnlyList<SiloMember>> Silos()
    {
        for (var started = time.GetTimestamp(); ; await Task.Delay(Pace, time))
        {
            var known = Known();
            if (known.Count == Active().Count || time.GetElapsedTime(started) > MaxWait)
            {
                return known;
            }
        }
    }

    /// <summary>
    /// What each silo offers: silos that share cores share their rate, which is the best that any of them measured there.
    /// </summary>
    public static IReadOnlyList<SiloOffer> Offers(IReadOnlyList<SiloMember> silos, Precision precision)
    {
        var shares = silos
            .GroupBy(silo => silo.Profile.Cores)
            .ToDictionary(g => g.Key, g => g.Max(silo => Rate(silo, precision)) / g.Count());
        // layers in portable precision are the processor's wherever they are
        string Device(SiloMember silo) => precision == Precision.Portable ? ComputeDevices.Cpu : silo.Profile.Device;
        return [.. silos.Select(silo => new SiloOffer(Device(silo), shares[silo.Profile.Cores]))];
    }

    /// <summary>
    /// Fingerprint of the kernels that a run's layers are computed by: in a cluster of silos with and without GPUs it is that of those that
    /// take layers.
    /// </summary>
    /// <returns>Null where they have not measured any.</returns>
    public static string? Kernels(IReadOnlyList<SiloMember> silos, PlacementPlan plan, Precision precision) =>
        silos[plan.SiloOfLayer[0]].Profile.Kernels.GetValueOrDefault(precision);

    /// <summary>
    /// What all cores that the given silos run on reach together on a run's products, in operations per second. Measured anew, since what a
    /// silo measured when it started was disturbed by whatever else started then.
    /// </summary>
    /// <returns>0 where a silo does not tell which cores it has, no number where the cores of one were busy.</returns>
    public static async Task<double> MatrixRate(IEnumerable<SiloMember> silos, ExperimentSpec spec, int pixels, IGrainFactory grains)
    {
        var oneOfEach = silos.DistinctBy(silo => silo.Profile.Cores).ToList();
        if (oneOfEach.Exists(silo => silo.Profile.Cores.Length == 0))
        {
            return 0;
        }

        var rates = await Task.WhenAll(
            oneOfEach.Select(silo => PlannedPlacementDirector.On(silo.Address, () => Of(silo, grains).Measure(spec, pixels)))
        );
        return rates.Sum();
    }

    private static ISiloGrain Of(SiloMember silo, IGrainFactory grains) => grains.GetGrain<ISiloGrain>(silo.Address.ToParsableString());

    private static double Rate(SiloMember silo, Precision precision) => silo.Profile.Rates.GetValueOrDefault(precision);
}
