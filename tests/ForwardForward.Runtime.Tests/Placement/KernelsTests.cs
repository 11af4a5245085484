using ForwardForward.Chaos;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Placement;
using ForwardForward.Runtime.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ForwardForward.Runtime.Tests.Placement;

/// <summary>Silos that say they compute by other kernels than others, as those with a GPU and those without do.</summary>
public sealed class KernelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public KernelsTests() => LibTorch.EnsureLoaded();

    [Fact]
    public async Task A_run_waits_for_a_silo_with_the_kernels_it_began_with_rather_than_go_on_with_others()
    {
        int port = LocalSilo.FreePort(),
            second = LocalSilo.FreePort(),
            third = LocalSilo.FreePort();
        using var plain = Silo("plain", port, port, "cpu");
        using var fast = Silo("fast", second, port, "cuda");
        using var fastAgain = Silo("fast-again", third, port, "cuda");
        await plain.StartAsync();
        await fast.StartAsync();
        var grains = plain.Services.GetRequiredService<IGrainFactory>();
        var (run, undisturbed) = (grains.GetGrain<IExperimentGrain>("moved"), grains.GetGrain<IExperimentGrain>("undisturbed"));
        var spec = Spec(epochs: 150);

        var began = await run.Start(new RunRequest(spec));
        var paused = await run.Pause();
        await fast.StopAsync();
        await Sees(plain, "plain");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(run.Resume);
        await fastAgain.StartAsync();
        await Sees(plain, "plain", "fast-again");
        var resumed = await run.Resume();
        var done = await End(run);
        await undisturbed.Start(new RunRequest(spec));

        Assert.Equal(
            "The run 'moved' stays paused: No silo is there whose kernels are cuda/kernels, with which the run began.",
            refused.Message
        );
        Assert.Equal((RunState.Paused, RunState.Running, RunState.Done), (paused.State, resumed.State, done.State));
        Assert.Equal(["fast", "fast"], began.Plan.Select(place => place.Silo));
        Assert.Equal(["fast-again", "fast-again"], done.Plan.Select(place => place.Silo));
        Assert.EndsWith("1 with other kernels left out.", done.PlanReason, StringComparison.Ordinal);
        Assert.Equal((await End(undisturbed)).StateHash, done.StateHash);
        await fastAgain.StopAsync();
        await plain.StopAsync();
    }

    [Fact]
    public async Task Of_silos_that_are_mixed_an_exact_run_takes_those_of_one_kind_and_another_takes_all_and_outlives_either_kind()
    {
        int port = LocalSilo.FreePort(),
            second = LocalSilo.FreePort();
        using var old = Silo("old", port, port, "cpu", "cpu/old", isMixed: true);
        using var wide = Silo("wide", second, port, "cpu", "cpu/wide", isMixed: true, rate: 1.1e11);
        await old.StartAsync();
        await wide.StartAsync();
        var grains = old.Services.GetRequiredService<IGrainFactory>();
        var (exact, mixed) = (grains.GetGrain<IExperimentGrain>("exact"), grains.GetGrain<IExperimentGrain>("mixed"));

        var one = await exact.Start(new RunRequest(Spec(epochs: 2)));
        var ended = await End(exact);
        var both = await mixed.Start(new RunRequest(Spec(epochs: 150) with { Exact = false }));
        await mixed.Pause();
        await wide.StopAsync();
        await Sees(old, "old");
        var resumed = await mixed.Resume();
        var done = await End(mixed);

        Assert.Equal(("wide", "cpu/wide"), (Silos(one), one.Fingerprint));
        Assert.Empty(Lines(ended));
        Assert.EndsWith("1 with other kernels left out.", one.PlanReason, StringComparison.Ordinal);
        Assert.Equal(("old wide", "any/fp32"), (Silos(both), both.Fingerprint));
        Assert.Equal("old", Silos(resumed));
        Assert.Equal((RunState.Done, both.Fingerprint), (done.State, done.Fingerprint));
        Assert.Equal(2, Lines(both).Select(line => line.Split(": ")[1]).Distinct().Count());
        Assert.Equal(
            Lines(both).Select(line => line.EndsWith("cpu/old", StringComparison.Ordinal) ? line : $"{line}, cpu/old"),
            Lines(done)
        );
        await old.StopAsync();

        static string Silos(RunStatus run) => string.Join(' ', run.Plan.Select(place => place.Silo).Distinct().Order());
        static string[] Lines(RunStatus run) => [.. run.Kernels.Select(stage => $"{stage.Stage}: {string.Join(", ", stage.Kernels)}")];
    }

    [Fact]
    public async Task A_silo_joins_those_with_other_kernels_only_if_it_and_they_are_mixed()
    {
        int port = LocalSilo.FreePort(),
            second = LocalSilo.FreePort();
        using var there = Silo("there", port, port, "cpu", "cpu/old", isMixed: true);
        await there.StartAsync();
        // Not disposed, as in JoinCheckTests.
        var joining = Silo("joining", second, port, "cpu", "cpu/wide", isMixed: false);

        var refused = await Assert.ThrowsAsync<Runtime.Hosting.SiloRefusedException>(() => joining.StartAsync());

        Assert.Equal(
            $"The silo joining may not join the cluster 'default' beside there (127.0.0.1:{port}): its kernels are cpu/wide, but the "
                + "cluster's are cpu/old, and it is mixed while this silo is not: expected FF_MIXED=true.",
            refused.Message
        );
        await there.StopAsync();
    }

    public void Dispose() => _folder.Dispose();

    private ExperimentSpec Spec(int epochs) =>
        new()
        {
            Dataset = TinyIdx.Write(_folder["data"]),
            Layers = [40, 40],
            Epochs = epochs,
            BatchSize = 20,
            Precision = Precision.Fp32,
            Negatives = new NegativesSpec { Lag = 6 },
        };

    private IHost Silo(string name, int port, int primary, string device) => Silo(name, port, primary, device, $"{device}/kernels", false);

    private IHost Silo(string name, int port, int primary, string device, string kernels, bool isMixed, double rate = 1e11) =>
        LocalSilo.Build(
            name,
            port,
            primary,
            SiloProfile.Unmeasured with
            {
                Device = device,
                Cores = name,
                IsMixed = isMixed,
                Kernels = new Dictionary<Precision, string> { [Precision.Fp32] = kernels },
                Rates = new Dictionary<Precision, double> { [Precision.Fp32] = rate },
            },
            _folder["checkpoints"]
        );

    // Who comes or goes knows it before the others.
    private static async Task Sees(IHost silo, params string[] names)
    {
        var view = silo.Services.GetRequiredService<ClusterView>();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await foreach (var _ in view.Changes(patience.Token))
        {
            if (view.Active().Select(active => active.Name).ToHashSet().SetEquals(names))
            {
                break;
            }
        }

        await view.Silos();
    }

    private static async Task<RunStatus> End(IExperimentGrain run)
    {
        var status = await run.Status();
        while (!status.IsOver)
        {
            status = (await run.Watch(long.MaxValue)).Status; // once a second
        }

        return status;
    }
}
