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
        var spec = new ExperimentSpec
        {
            Dataset = TinyIdx.Write(_folder["data"]),
            Layers = [40, 40],
            Epochs = 150,
            BatchSize = 20,
            Precision = Precision.Fp32,
            Negatives = new NegativesSpec { Lag = 6 },
        };

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

    public void Dispose() => _folder.Dispose();

    private IHost Silo(string name, int port, int primary, string device) =>
        LocalSilo.Build(
            name,
            port,
            primary,
            SiloProfile.Unmeasured with
            {
                Device = device,
                Kernels = new Dictionary<Precision, string> { [Precision.Fp32] = $"{device}/kernels" },
                Rates = new Dictionary<Precision, double> { [Precision.Fp32] = 1e11 },
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
