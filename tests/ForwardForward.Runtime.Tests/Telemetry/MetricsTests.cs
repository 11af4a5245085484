using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ForwardForward.Chaos;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Telemetry;

namespace ForwardForward.Runtime.Tests.Telemetry;

/// <summary>What a real run on two silos says of itself.</summary>
public sealed class MetricsTests : IDisposable
{
    private const string Run = "measured"; // no other test's: the meter is the process's
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentBag<Reading> _readings = [];
    private readonly ConcurrentDictionary<string, Instrument> _instruments = [];
    private readonly MeterListener _listener = new();

    public MetricsTests()
    {
        LibTorch.EnsureLoaded();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == FFMeter.Name)
            {
                _instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.Start();
    }

    [Fact]
    public async Task Counters_count_what_was_done_and_gauges_show_how_the_run_ended_and_then_go()
    {
        var done = await Train();
        _listener.RecordObservableInstruments();

        Assert.Equal((RunState.Done, 2), (done.State, done.Plan.Select(place => place.Silo).Distinct().Count()));
        Assert.Equal(2 * 400, Sum("ff.run.samples"));
        foreach (var stage in new[] { "1", "2", "readout", "source" })
        {
            // the lag's batches are learned in slots of their own
            Assert.Equal(2 * 20 + 4, Sum("ff.layer.slots", ("layer", stage), ("kind", "train")));
            Assert.Equal(done.Slots - 44 - 1, Sum("ff.layer.slots", ("layer", stage), ("kind", "evaluate")));
            Assert.Equal(done.Slots, Of("ff.layer.step.duration", ("layer", stage)).Count());
        }

        Assert.Equal(["1", "2", "readout"], Of("ff.checkpoint.duration").Select(reading => reading.Tags["layer"]).Distinct().Order());
        Assert.True(Sum("ff.transport.sent") > 0 && Sum("ff.layer.stall", ("cause", "input")) > 0 && Sum("ff.checkpoint.written") > 0);
        Assert.Equal(done.Slots, Of("ff.run.slot").Max(reading => reading.Value));
        Assert.Equal(done.LastEvaluation!.ErrorFast, Of("ff.run.test_error", ("kind", "fast")).Single().Value);
        Assert.Equal("done", Of("ff.run.state").Single(reading => reading.Value == 1).Tags["state"]);
        Assert.Equal(done.StateHash, Of("ff.run.info").Single().Tags["state_hash"]);
    }

    [Fact]
    public async Task Gauges_of_stages_are_there_while_they_are_and_those_of_runs_as_long_as_their_silo()
    {
        await Train(during: () =>
            Seen("ff.layer.inbox.depth") && Seen("ff.layer.goodness") && Seen("ff.layer.loss") && Seen("ff.layer.pulling")
        );
        _readings.Clear();
        _listener.RecordObservableInstruments();

        Assert.DoesNotContain(_readings, reading => reading.Tags.GetValueOrDefault("run") == Run);
    }

    [Theory]
    [InlineData(1e12, true)]
    [InlineData(1, false)] // the run did more than that
    [InlineData(double.NaN, false)]
    [InlineData(0, false)]
    public void The_share_of_the_matrix_rate_is_there_where_the_rate_is_a_limit(double rate, bool isThere)
    {
        var status = new RunStatus
        {
            Run = Run,
            State = RunState.Running,
            Spec = new ExperimentSpec
            {
                Layers = [50, 70],
                Epochs = 2,
                BatchSize = 20,
            },
            Slots = 100,
            Slot = 50,
            Seconds = 1,
            MatrixRate = rate,
            Data = new DataShape(400, 60, 64, 5, ""),
        };
        using var gauges = new RunGauges(Run, "silo-1", () => status, _ => null);
        _listener.RecordObservableInstruments();

        var shown = Of("ff.run.matrix_rate.utilization").Select(reading => reading.Value).ToList();
        Assert.Equal(isThere ? 1 : 0, shown.Count);
        Assert.All(shown, share => Assert.InRange(share, double.Epsilon, 1));
    }

    [Fact]
    public void Every_instrument_has_a_unit_and_a_description_and_is_in_the_documentation()
    {
        using var stage = new StageMetrics("none", "1", "silo-1");
        using var gauges = new RunGauges("none", "silo-1", () => null, _ => null);
        var documented = File.ReadLines(Path.Combine(Repository, "docs", "metrics.md"))
            .Where(line => line.StartsWith("| `ff.", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1].Trim('`'), cells => cells[3].Trim('`'));

        Assert.Equal(_instruments.Keys.Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            _instruments.Values,
            instrument =>
            {
                Assert.Equal(documented[instrument.Name], instrument.Unit);
                Assert.EndsWith(".", instrument.Description, StringComparison.Ordinal);
            }
        );
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    private static string Repository
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "ForwardForward.Orleans.sln")))
            {
                folder = Path.GetDirectoryName(folder)!;
            }

            return folder;
        }
    }

    /// <param name="during">Asked until it is so or the run is over; must have been so.</param>
    private async Task<RunStatus> Train(Func<bool>? during = null)
    {
        var spec = new ExperimentSpec
        {
            Dataset = TinyIdx.Write(_folder["data"], train: 400, test: 60, side: 8, classes: 5),
            Layers = [50, 70],
            Epochs = during is null ? 2 : 400,
            BatchSize = 20,
            Precision = Precision.Fp32,
            Negatives = new NegativesSpec { Lag = 4 },
            Checkpoint = new CheckpointSpec { EverySlots = 20 },
        };
        await using var cluster = await EmbeddedCluster.Start(2, _folder["cache"], _folder["checkpoints"]);
        var run = cluster.Grains.GetGrain<IExperimentGrain>(Run);
        var status = await run.Start(new RunRequest(spec, null));
        var wasSo = during is null;
        for (long next = 0; !status.IsOver && !(during is not null && wasSo); )
        {
            var news = await run.Watch(next);
            (status, next) = (news.Status, next + news.Events.Count);
            if (!wasSo)
            {
                _listener.RecordObservableInstruments();
                wasSo = during!();
            }
        }

        Assert.True(wasSo, "The run ended before its gauges were seen.");
        _listener.RecordObservableInstruments();
        await run.Cancel();
        return status;
    }

    private bool Seen(string instrument) => Of(instrument).Any();

    private double Sum(string instrument, params (string Tag, string Value)[] tags) => Of(instrument, tags).Sum(reading => reading.Value);

    private IEnumerable<Reading> Of(string instrument, params (string Tag, string Value)[] tags) =>
        _readings.Where(reading => reading.Instrument == instrument && Array.TrueForAll(tags, tag => reading.Tags[tag.Tag] == tag.Value));

    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var read = new Dictionary<string, string>();
        foreach (var (tag, text) in tags)
        {
            read[tag] = (string)text!;
        }

        if (read["run"] == Run)
        {
            _readings.Add(new Reading(instrument.Name, value, read));
        }
    }

    private sealed record Reading(string Instrument, double Value, Dictionary<string, string> Tags);
}
