using System.Diagnostics;
using ForwardForward.Chaos;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Placement;
using ForwardForward.Runtime.Sources;
using ForwardForward.Runtime.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ForwardForward.Runtime.Tests.Sources;

public sealed class SlotPaceTests : IDisposable
{
    private const int SlotsPerSecond = 50;
    private readonly TemporaryFolder _folder = new();

    public SlotPaceTests() => LibTorch.EnsureLoaded();

    [Fact]
    public async Task A_run_makes_no_more_slots_a_second_than_its_silo_lets_it_and_ends_in_the_same_bytes()
    {
        var spec = new ExperimentSpec
        {
            Dataset = TinyIdx.Write(_folder["data"]),
            Layers = [20, 20],
            Epochs = 2,
            BatchSize = 20,
            Precision = Precision.Fp32,
            Negatives = new NegativesSpec { Lag = 6 },
        };
        var port = LocalSilo.FreePort();
        using var silo = LocalSilo.Build("slow", port, port, SiloProfile.Unmeasured, _folder["silo"], SlotsPerSecond);
        await silo.StartAsync();
        var run = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IExperimentGrain>("paced");

        var took = Stopwatch.StartNew();
        var status = await run.Start(new RunRequest(spec));
        for (long next = 0; !status.IsOver; )
        {
            var news = await run.Watch(next);
            (status, next) = (news.Status, next + news.Events.Count);
        }

        took.Stop();
        await silo.StopAsync();

        using var reference = new SequentialTrainer(spec, new DataSets(_folder["cache"]).Open(spec.Dataset), new WorkerPool(1));
        Assert.Equal((RunState.Done, reference.Run().Hash), (status.State, status.StateHash));
        Assert.True(status.Slots > 20, $"{status.Slots} slots show no pace.");
        Assert.InRange(took.Elapsed.TotalSeconds, (status.Slots - 1.0) / SlotsPerSecond, double.MaxValue);
    }

    [Fact]
    public void Slots_are_as_far_apart_as_the_pace_says_and_late_ones_are_not_made_up_for()
    {
        var time = new LeapingTime();
        var clock = new SlotPace(10).Start(time);
        List<double> made = [];
        foreach (var work in new[] { 0, 30, 0, 250, 0, 0 })
        {
            clock.Wait(CancellationToken.None);
            made.Add(time.Now.TotalMilliseconds);
            time.Now += TimeSpan.FromMilliseconds(work);
        }

        Assert.Equal([0, 100, 200, 300, 550, 650], made);
    }

    [Fact]
    public void Without_a_pace_nothing_waits()
    {
        var time = new LeapingTime();
        var clock = new SlotPace(0).Start(time);

        clock.Wait(CancellationToken.None);
        clock.Wait(CancellationToken.None);

        Assert.Equal(TimeSpan.Zero, time.Now);
    }

    [Fact]
    public void A_wait_for_the_next_slot_ends_with_the_run()
    {
        using var stopping = new CancellationTokenSource();
        var clock = new SlotPace(1).Start(TimeProvider.System);
        clock.Wait(stopping.Token);

        stopping.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => clock.Wait(stopping.Token));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A clock that goes to whatever somebody waits for.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Now += dueTime;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
