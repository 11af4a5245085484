using System.Diagnostics.Metrics;

namespace ForwardForward.Runtime.Telemetry;

/// <summary>
/// Everything that a process says of the runs on it, under one meter: docs/metrics.md lists it. One for all silos of a process; the tag
/// <c>silo</c> tells them apart. Gauges tell of the stages and coordinators that are there, and of nothing else.
/// </summary>
public static class FFMeter
{
    public const string Name = "ForwardForward";

    /// <summary>Bounds of the buckets of <c>ff.layer.step.duration</c> and <c>ff.checkpoint.duration</c>, in seconds.</summary>
    public static readonly double[] DurationBounds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

    internal static readonly Meter Meter = new(Name);

    internal static readonly Counter<long> Slots = Meter.CreateCounter<long>(
        "ff.layer.slots",
        "{slot}",
        "Slots that the stage has handled."
    );
    internal static readonly Histogram<double> StepDuration = Meter.CreateHistogram<double>(
        "ff.layer.step.duration",
        "s",
        "Time that the stage computed for one slot, without its waits."
    );
    internal static readonly Counter<double> Stall = Meter.CreateCounter<double>(
        "ff.layer.stall",
        "s",
        "Time that the stage waited: for input, or for room in the stage above."
    );
    internal static readonly Counter<long> Samples = Meter.CreateCounter<long>(
        "ff.run.samples",
        "{sample}",
        "Images that the whole network has learned from, each epoch's anew."
    );
    internal static readonly Counter<long> Questions = Meter.CreateCounter<long>(
        "ff.run.questions",
        "{picture}",
        "Pictures that somebody asked about and the network answered while it trained."
    );
    internal static readonly Counter<long> SentBytes = Meter.CreateCounter<long>(
        "ff.transport.sent",
        "By",
        "Rows of slots that went to another silo."
    );
    internal static readonly Histogram<double> CheckpointDuration = Meter.CreateHistogram<double>(
        "ff.checkpoint.duration",
        "s",
        "Time to write one stage's part of a checkpoint, in the background."
    );
    internal static readonly Counter<long> CheckpointBytes = Meter.CreateCounter<long>(
        "ff.checkpoint.written",
        "By",
        "Parts of checkpoints that were written."
    );
    internal static readonly Counter<long> CheckpointFailures = Meter.CreateCounter<long>(
        "ff.checkpoint.failures",
        "{failure}",
        "Parts of checkpoints that could not be written."
    );
}
