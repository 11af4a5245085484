using System.Diagnostics;
using ForwardForward.Chaos;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Pipeline;
using Xunit.Abstractions;

namespace ForwardForward.Runtime.Tests.Experiments;

/// <summary>What stages ask of the coordinator of their run.</summary>
public sealed class CoordinatorCallsTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4)]
    [InlineData(64)]
    public async Task However_many_stages_have_something_to_tell_the_coordinator_hears_few_calls_and_loses_no_word(int stages)
    {
        const int Silos = 2;
        TinyIdx.Write(_folder["tiny"]);
        var calls = 0;
        await using var cluster = await EmbeddedCluster.Start(
            Silos,
            _folder.Root,
            _folder["checkpoints"],
            also: silo =>
                silo.AddIncomingGrainCallFilter(context =>
                {
                    Interlocked.Add(ref calls, IsReport(context) ? 1 : 0);
                    return context.Invoke();
                })
        );
        var watch = Stopwatch.StartNew();
        var run = cluster.Grains.GetGrain<IExperimentGrain>("deep");
        var status = await run.Start(new RunRequest(Spec(stages)));
        List<RunEvent> told = [];
        while (!status.IsOver)
        {
            status = (await run.Watch(long.MaxValue)).Status;
        }

        for (var more = true; more; )
        {
            var update = await run.Watch(told.Count);
            told.AddRange(update.Events);
            more = update.HasMore;
        }

        output.WriteLine($"{stages} layers: {calls} calls for {status.Slots} slots and {told.Count} measurements in {watch.Elapsed}");
        Assert.True(status.State == RunState.Done, status.Error);
        Assert.Equal(
            told.Where(one => one.Layer?.Layer == 1).Select(one => one.Slot),
            told.Where(one => one.Layer?.Layer == stages).Select(one => one.Slot)
        );
        var end = stages + 2; // each stage says that it has ended, the source may ask
        Assert.InRange(calls, 1, end + (Silos * (1 + (watch.Elapsed / ReportLine.Pace))));
    }

    private static bool IsReport(IIncomingGrainCallContext context) => context.InterfaceMethod.DeclaringType?.Name == "IExperimentReports";

    private ExperimentSpec Spec(int layers) =>
        new ExperimentSpec
        {
            Layers = [.. Enumerable.Repeat(8, layers)],
            Dataset = _folder["tiny"],
            BatchSize = 20,
            Epochs = 5,
            Precision = Precision.Fp32,
        } with
        {
            Checkpoint = new CheckpointSpec { EverySlots = 20 },
        };
}
