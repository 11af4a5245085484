using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Runtime.Telemetry;

/// <summary>What one stage says of itself while it is open. Its worker's thread speaks, the exporter's listens.</summary>
internal sealed class StageMetrics : IDisposable
{
    private static readonly ConcurrentDictionary<StageMetrics, bool> Open = [];
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly KeyValuePair<string, object?>[] _train;
    private readonly KeyValuePair<string, object?>[] _evaluate;
    private readonly KeyValuePair<string, object?>[] _input;
    private readonly KeyValuePair<string, object?>[] _room;
    private readonly KeyValuePair<string, object?>[] _positive;
    private readonly KeyValuePair<string, object?>[] _negative;
    private Func<int>? _inboxDepth;
    private LayerMeasurement? _measured;
    private long _since = Stopwatch.GetTimestamp();
    private TimeSpan _waited;

    static StageMetrics()
    {
        FFMeter.Meter.CreateObservableGauge(
            "ff.layer.inbox.depth",
            () => Observe(stage => stage.Depths()),
            "{slot}",
            "Slots that wait for the stage."
        );
        FFMeter.Meter.CreateObservableGauge(
            "ff.layer.goodness",
            () => Observe(stage => stage.Goodness()),
            "1",
            "Mean goodness per unit since the measurement before, of positive and of negative rows."
        );
        FFMeter.Meter.CreateObservableGauge(
            "ff.layer.loss",
            () => Observe(stage => stage.Loss()),
            "1",
            "Mean loss of the layer since the measurement before, in nats."
        );
        FFMeter.Meter.CreateObservableGauge(
            "ff.layer.pulling",
            () => Observe(stage => stage.Pulling()),
            "1",
            "Share of the learned rows that had a pull since the measurement before."
        );
    }

    /// <param name="layer">"1" for the lowest and so on, "readout", "source".</param>
    public StageMetrics(string run, string layer, string silo)
    {
        _tags = [new("run", run), new("layer", layer), new("silo", silo)];
        (_train, _evaluate) = (With("kind", "train"), With("kind", "evaluate"));
        (_input, _room) = (With("cause", "input"), With("cause", "room"));
        (_positive, _negative) = (With("rows", "positive"), With("rows", "negative"));
        Open[this] = true;
    }

    /// <summary>Shows how many slots wait from now on.</summary>
    public void Watch(Func<int> inboxDepth) => _inboxDepth = inboxDepth;

    /// <summary>The worker begins to wait for input; what it did before was the last step.</summary>
    public void Waits() => _since = Stopwatch.GetTimestamp();

    /// <summary>Its input has come.</summary>
    public void Begins()
    {
        var now = Stopwatch.GetTimestamp();
        FFMeter.Stall.Add(Stopwatch.GetElapsedTime(_since, now).TotalSeconds, _input);
        (_since, _waited) = (now, TimeSpan.Zero);
    }

    /// <summary>Hands a slot on, which may take until there is room above.</summary>
    public void Send(Action send)
    {
        var started = Stopwatch.GetTimestamp();
        send();
        var took = Stopwatch.GetElapsedTime(started);
        _waited += took;
        FFMeter.Stall.Add(took.TotalSeconds, _room);
    }

    /// <summary>A slot is done.</summary>
    /// <param name="samples">Images that the whole network has learned from with it; 0 but in the readout.</param>
    public void Done(SlotKind kind, int samples = 0)
    {
        FFMeter.StepDuration.Record((Stopwatch.GetElapsedTime(_since) - _waited).TotalSeconds, _tags);
        if (kind != SlotKind.End)
        {
            FFMeter.Slots.Add(1, kind == SlotKind.Train ? _train : _evaluate);
        }

        if (samples > 0)
        {
            FFMeter.Samples.Add(samples, _tags[0], _tags[2]);
        }
    }

    public void Measured(LayerMeasurement measured) => _measured = measured;

    public void Sent(int bytes) => FFMeter.SentBytes.Add(bytes, _tags);

    public void CheckpointWritten(TimeSpan took, long bytes)
    {
        FFMeter.CheckpointDuration.Record(took.TotalSeconds, _tags);
        FFMeter.CheckpointBytes.Add(bytes, _tags);
    }

    public void Answered(int pictures) => FFMeter.Questions.Add(pictures, _tags[0], _tags[2]);

    public void CheckpointFailed() => FFMeter.CheckpointFailures.Add(1, _tags);

    public void Dispose() => Open.TryRemove(this, out var _);

    private static IEnumerable<Measurement<T>> Observe<T>(Func<StageMetrics, IEnumerable<Measurement<T>>> what)
        where T : struct => Open.Keys.SelectMany(what);

    private KeyValuePair<string, object?>[] With(string name, string value) => [.. _tags, new(name, value)];

    private IEnumerable<Measurement<int>> Depths() => _inboxDepth is { } depth ? [new(depth(), _tags)] : [];

    private IEnumerable<Measurement<double>> Goodness() =>
        _measured is { } measured ? [new(measured.GoodnessPositive, _positive), new(measured.GoodnessNegative, _negative)] : [];

    private IEnumerable<Measurement<double>> Loss() => _measured is { } measured ? [new(measured.Loss, _tags)] : [];

    private IEnumerable<Measurement<double>> Pulling() => _measured is { } measured ? [new(measured.Pulling, _tags)] : [];
}
