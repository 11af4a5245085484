using System.Net;
using ForwardForward.Learning;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Tests.Placement;

public sealed class SiloProfileTests
{
    private static readonly SiloProfile Profile = SiloProfile.Unmeasured with
    {
        Cores = "machine/0-1",
        Kernels = new Dictionary<Precision, string> { [Precision.Fp32] = "cpu/a/fp32", [Precision.Bf16] = "cpu/a/bf16" },
        Rates = new Dictionary<Precision, double> { [Precision.Fp32] = 2e11, [Precision.Bf16] = 9.5e11 },
    };

    [Fact]
    public void A_measured_profile_names_kernels_and_positive_rates_of_both_precisions()
    {
        var measured = SiloProfile.Measure();

        Assert.All([Precision.Fp32, Precision.Bf16], precision => Assert.True(measured.Rates[precision] > 1e8));
        Assert.StartsWith("cpu/", measured.Kernels[Precision.Fp32], StringComparison.Ordinal);
        Assert.NotEqual("", measured.Cores);
    }

    [Fact]
    public void A_silo_whose_rates_are_given_differs_from_a_measured_one_in_nothing_else()
    {
        var (given, measured) = (SiloProfile.Given("300,900"), SiloProfile.Measure());

        Assert.Equal((3e11, 9e11), (given.Rates[Precision.Fp32], given.Rates[Precision.Bf16]));
        Assert.Equal((measured.Cores, measured.Device), (given.Cores, given.Device));
        Assert.Null(given.DiffersFrom(measured));
    }

    [Fact]
    public void What_a_silo_tells_is_what_the_others_read()
    {
        var read = SiloProfile.FromMetadata(Profile.ToMetadata())!;

        Assert.Equal(
            (Profile.Version, Profile.Device, Profile.Memory, Profile.Cores),
            (read.Version, read.Device, read.Memory, read.Cores)
        );
        Assert.Equal(Profile.Kernels, read.Kernels);
        Assert.Equal(Profile.Rates, read.Rates);
        Assert.Null(Profile.DiffersFrom(read));
        Assert.Null(SiloProfile.FromMetadata(new Dictionary<string, string>()));
    }

    [Fact]
    public void A_difference_is_named_with_both_sides()
    {
        var other = Profile with { Version = "0.0.9", Contract = 0 };
        var kernels = Profile with { Kernels = new Dictionary<Precision, string>(Profile.Kernels) { [Precision.Bf16] = "cpu/b/bf16" } };

        Assert.StartsWith($"this is version {Profile.Version}, but the cluster runs version 0.0.9, ", Profile.DiffersFrom(other));
        Assert.Null(Profile.DiffersFrom(Profile with { Version = "9.0.0", Contract = 9 }));
        Assert.Equal("its kernels are cpu/a/bf16, but the cluster's are cpu/b/bf16", Profile.DiffersFrom(kernels));
        Assert.Null(Profile.DiffersFrom(kernels with { Device = "cuda" }));
    }

    [Fact]
    public void A_machine_whose_products_are_not_exact_is_a_silo_that_does_not_compute_in_portable_precision()
    {
        var kernels = SiloProfile.KernelsOf(precision =>
            precision == Precision.Portable ? throw new LibTorchUnavailableException("inexact") : $"cpu/{precision}"
        );
        var inexact = Profile with { Kernels = kernels };
        var exact = Profile with { Kernels = SiloProfile.KernelsOf(precision => $"cpu/{precision}") };

        Assert.Equal([Precision.Fp32, Precision.Bf16], kernels.Keys);
        Assert.Throws<LibTorchUnavailableException>(() => SiloProfile.KernelsOf(_ => throw new LibTorchUnavailableException("none")));
        Assert.Equal(
            (false, true, true),
            (inexact.Computes(Precision.Portable), inexact.Computes(Precision.Bf16), exact.Computes(Precision.Portable))
        );
        Assert.True(SiloProfile.Unmeasured.Computes(Precision.Portable)); // that tells nothing
        Assert.Null(inexact.DiffersFrom(exact));
        Assert.Null(exact.DiffersFrom(inexact));
    }

    [Fact]
    public void A_run_in_portable_precision_is_on_the_silos_that_compute_in_it_and_refused_where_none_does()
    {
        SiloMember Member(string name, params Precision[] precisions) =>
            new(
                SiloAddress.New(IPAddress.Loopback, 1, 1),
                name,
                Profile with
                {
                    Kernels = precisions.ToDictionary(precision => precision, precision => $"{precision}"),
                }
            );
        var (inexact, exact) = (Member("inexact", Precision.Fp32), Member("exact", Precision.Fp32, Precision.Portable));

        Assert.Equal(["exact"], KernelChoice.Able([inexact, exact], Precision.Portable).Select(silo => silo.Name));
        Assert.Equal(["inexact", "exact"], KernelChoice.Able([inexact, exact], Precision.Fp32).Select(silo => silo.Name));
        var refused = Assert.Throws<InvalidInputException>(() => KernelChoice.Able([inexact], Precision.Portable));
        Assert.StartsWith(
            "precision: no silo's matrix library multiplies small integers exactly, ",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Silos_with_other_kernels_are_of_one_cluster_where_both_are_mixed()
    {
        var other = Profile with { Kernels = new Dictionary<Precision, string>(Profile.Kernels) { [Precision.Bf16] = "cpu/b/bf16" } };
        var (mixed, mixedOther) = (Profile with { IsMixed = true }, other with { IsMixed = true });

        Assert.Null(mixed.DiffersFrom(SiloProfile.FromMetadata(mixedOther.ToMetadata())!));
        Assert.Equal(
            "its kernels are cpu/a/bf16, but the cluster's are cpu/b/bf16, and it is mixed while this silo is not: expected FF_MIXED=true",
            Profile.DiffersFrom(mixedOther)
        );
        Assert.Equal(
            "its kernels are cpu/a/bf16, but the cluster's are cpu/b/bf16, and it is not mixed: expected FF_MIXED=true on all of its silos",
            mixed.DiffersFrom(other)
        );
        Assert.Null(mixed.DiffersFrom(Profile)); // whose kernels are the same
        Assert.NotNull(mixed.DiffersFrom(mixedOther with { Contract = 0 }));
    }

    [Fact]
    public void Silos_that_share_cores_share_the_best_rate_measured_there()
    {
        SiloMember[] silos = [Member(1, "a", 4e11), Member(2, "a", 6e11), Member(3, "b", 5e11)];

        Assert.Equal([3e11, 3e11, 5e11], ClusterView.Offers(silos, Precision.Fp32).Select(offer => offer.Rate));
    }

    [Fact]
    public void A_runs_kernels_are_those_of_the_silos_that_take_its_layers()
    {
        var onGpu = Member(2, "b", 1) with
        {
            Profile = Profile with
            {
                Device = "cuda",
                Kernels = new Dictionary<Precision, string> { [Precision.Fp32] = "cuda/of-2" },
            },
        };
        SiloMember[] silos = [Member(1, "a", 4e11), onGpu];
        var plan = PlacementPlan.Compute([1, 1], ClusterView.Offers(silos, Precision.Fp32));

        Assert.Equal("cuda/of-2", ClusterView.Kernels(silos, plan, Precision.Fp32));
        Assert.Null(ClusterView.Kernels(silos, plan, Precision.Bf16));
    }

    private static SiloMember Member(int number, string cores, double rate) =>
        new(
            SiloAddress.New(new IPEndPoint(IPAddress.Loopback, number), 0),
            $"silo-{number}",
            Profile with
            {
                Cores = cores,
                Rates = new Dictionary<Precision, double> { [Precision.Fp32] = rate },
            }
        );
}
