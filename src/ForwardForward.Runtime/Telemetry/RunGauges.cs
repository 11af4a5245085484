using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Runtime.Telemetry;

/// <summary>How one run stands, told by the silo of its coordinator for as long as the coordinator is there.</summary>
internal sealed class RunGauges : IDisposable
{
    private static readonly ConcurrentDictionary<RunGauges, bool> Open = [];
    private readonly Func<RunStatus?> _status;
    private readonly Func<RunStatus, double?> _lessonWait;
    private readonly KeyValuePair<string, object?>[] _tags;
    private SlotPlan? _plan;
    private long? _streamed;

    static RunGauges()
    {
        Gauge("ff.run.slot", "{slot}", "Slots that have gone through the whole network.", run => run.Slot);
        Gauge("ff.run.slots", "{slot}", "Slots of the whole run.", run => run.Slots);
        Gauge("ff.run.epoch", "{epoch}", "Epoch, from 1.", run => run.Epoch);
        Gauge("ff.run.epochs", "{epoch}", "Epochs of the whole run.", run => run.Spec.Epochs);
        Gauge("ff.run.elapsed", "s", "Time from the first slot to now or to the end, without pauses.", run => run.Seconds);
        Gauge(
            "ff.run.time_left",
            "s",
            "Time to the last slot at the pace so far.",
            run => run is { Slot: > 0, Slots: > 0 } ? run.Seconds * (run.Slots - run.Slot) / run.Slot : null
        );
        Gauge("ff.run.generation", "{generation}", "Attempt that the run is in.", run => run.Generation);
        Gauge("ff.run.recoveries", "{recovery}", "Losses that the run was recovered from.", run => run.Recoveries);
        Gauge("ff.run.redone", "{slot}", "Slots that were done again after losses.", run => run.RedoneSlots);
        Gauge("ff.run.lessons", "{picture}", "Pictures that the run was taught while it trained.", run => run.Lessons);
        FFMeter.Meter.CreateObservableGauge(
            "ff.run.lesson.wait",
            () => Observe((gauges, run) => gauges._lessonWait(run) is { } wait ? [new Measurement<double>(wait, gauges._tags)] : []),
            "s",
            "How long the oldest lesson has waited that the network has not been shown; 0 where none waits."
        );
        Gauge(
            "ff.prequential.error",
            "1",
            "Share of the newest thousand examples of a stream that the run answered wrongly before it learned from them.",
            run => run.Prequential?.Error
        );
        Gauge("ff.run.streamed", "{example}", "Examples of a stream that the run has answered.", run => run.Prequential?.Examples);
        Gauge("ff.run.checkpoint.slot", "{slot}", "Slot of the last complete checkpoint.", run => run.LastCheckpointSlot);
        Gauge("ff.run.checkpoint.missed", "{checkpoint}", "Checkpoints that could not be kept.", run => run.MissedCheckpoints);
        Gauge(
            "ff.run.without_net",
            "1",
            "1 where the last checkpoint that was due could not be kept, so that a loss would repeat all since the one before; else 0.",
            run => run.WithoutNet is null ? 0 : 1
        );
        FFMeter.Meter.CreateObservableGauge(
            "ff.run.matrix_rate.utilization",
            () => Observe(MatrixRateShare),
            "1",
            "Matrix operations per second so far, as a share of what the silos' cores were measured at; none where they were busy then."
        );
        FFMeter.Meter.CreateObservableGauge(
            "ff.run.test_error",
            () => Observe(TestErrors),
            "1",
            "Share of the test images that the last evaluation found answered wrongly, by kind of test."
        );
        FFMeter.Meter.CreateObservableGauge(
            "ff.run.layer.test_error",
            () => Observe(OwnErrors),
            "1",
            "Share of the test images that a layer alone takes for another class, by its own goodness, as last tested."
        );
        FFMeter.Meter.CreateObservableGauge(
            "ff.run.state",
            () => Observe(States),
            "1",
            "1 for the state that the run is in, 0 for every other."
        );
        FFMeter.Meter.CreateObservableGauge(
            "ff.run.info",
            () => Observe(Info),
            "1",
            "Always 1: what the run computes, and the hash it ended in."
        );
        FFMeter.Meter.CreateObservableGauge(
            "ff.run.place",
            () => Observe(Places),
            "1",
            "Always 1: the silo that a layer is on, and the kernels that have computed it."
        );
    }

    /// <param name="status">How the run stands now; null while there is none.</param>
    /// <param name="lessonWait">Seconds that the oldest lesson waits, of a run as it stands; null where it was taught nothing.</param>
    public RunGauges(string run, string silo, Func<RunStatus?> status, Func<RunStatus, double?> lessonWait)
    {
        (_status, _lessonWait, _tags) = (status, lessonWait, [new("run", run), new("silo", silo)]);
        Open[this] = true;
    }

    public void Dispose() => Open.TryRemove(this, out var _);

    private static void Gauge(string name, string unit, string description, Func<RunStatus, double?> value) =>
        FFMeter.Meter.CreateObservableGauge(
            name,
            () => Observe((gauges, run) => value(run) is { } now ? [new Measurement<double>(now, gauges._tags)] : []),
            unit,
            description
        );

    private static IEnumerable<Measurement<double>> Observe(Func<RunGauges, RunStatus, IEnumerable<Measurement<double>>> what) =>
        Open.Keys.SelectMany(gauges => gauges._status() is { } run ? what(gauges, run) : []);

    private static IEnumerable<Measurement<double>> TestErrors(RunGauges gauges, RunStatus run) =>
        from error in new[]
        {
            (Kind: "fast", Value: run.LastEvaluation?.ErrorFast),
            (Kind: "goodness", Value: run.LastEvaluation?.ErrorGoodness),
        }
        where error.Value is not null
        select new Measurement<double>(error.Value!.Value, gauges.With(("kind", error.Kind)));

    private static IEnumerable<Measurement<double>> OwnErrors(RunGauges gauges, RunStatus run) =>
        (run.LastEvaluation?.OwnErrors ?? []).Select((error, i) => new Measurement<double>(error, gauges.With(("layer", $"{i + 1}"))));

    private static IEnumerable<Measurement<double>> States(RunGauges gauges, RunStatus run) =>
        Enum.GetValues<RunState>()
            .Select(state => new Measurement<double>(
                run.State == state ? 1 : 0,
                gauges.With(("state", state.ToString().ToLowerInvariant()))
            ));

    private static IEnumerable<Measurement<double>> Info(RunGauges gauges, RunStatus run) =>
        [
            new(
                1,
                gauges.With(
                    ("dataset", run.Spec.Dataset),
                    ("precision", run.Spec.Precision.ToString().ToLowerInvariant()),
                    ("fingerprint", run.Fingerprint),
                    ("state_hash", run.StateHash ?? "")
                )
            ),
        ];

    // The silo is the layer's, not the coordinator's as elsewhere.
    private static IEnumerable<Measurement<double>> Places(RunGauges gauges, RunStatus run) =>
        from place in run.Plan.DistinctBy(place => (place.Layer, place.Silo))
        select new Measurement<double>(
            1,
            gauges._tags[0],
            new("layer", $"{place.Layer}"),
            new("silo", place.Silo),
            new("precision", run.Spec.Precision.ToString().ToLowerInvariant()),
            new("kernels", KernelsOf(run, place.Layer))
        );

    // Of a run in one kind of kernels that is its fingerprint.
    private static string KernelsOf(RunStatus run, int layer)
    {
        var name = $"layer {layer}";
        var own = run.Kernels.Where(stage => stage.Stage == name || stage.Stage.StartsWith($"{name}.", StringComparison.Ordinal));
        var kernels = own.SelectMany(stage => stage.Kernels).Distinct().ToList();
        return kernels.Count > 0 ? string.Join(", ", kernels) : run.Fingerprint;
    }

    // By the slots that are through, whatever their kind: exact at the end.
    private static IEnumerable<Measurement<double>> MatrixRateShare(RunGauges gauges, RunStatus run)
    {
        if (run is not { Slots: > 0, Data: { } data })
        {
            return [];
        }

        if (gauges._plan is null || gauges._streamed != run.Streamed)
        {
            gauges._plan = new SlotPlan(run.Spec, data.TrainImages, data.TestImages, data.Classes, run.Streamed);
            gauges._streamed = run.Streamed;
        }

        var operations = gauges._plan.Recipe.Network.MatrixOperations(gauges._plan, data.Pixels, run.Pulling) * run.Slot / run.Slots;
        return Learning.Devices.MatrixRateShare.Of(operations, run.Seconds, run.MatrixRate).Value is { } share
            ? [new(share, gauges._tags)]
            : [];
    }

    private KeyValuePair<string, object?>[] With(params (string Name, string Value)[] more) =>
        [.. _tags, .. more.Select(tag => new KeyValuePair<string, object?>(tag.Name, tag.Value))];
}
