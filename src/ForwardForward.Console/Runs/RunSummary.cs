using System.Text.Json.Serialization;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Runs;

/// <summary>How a run stands or ended: what <c>--json</c> prints and <c>summary.json</c> holds. Errors are fractions.</summary>
internal sealed record RunSummary
{
    public required string Run { get; init; }

    /// <summary>Null where the spec came from a file.</summary>
    public string? Preset { get; init; }

    public required string State { get; init; }

    /// <summary><see cref="RunPlace.Here"/>, or HOST:PORT of the cluster that has it; null in what an earlier version wrote.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Where { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Why it failed, in one sentence.</summary>
    public string? Error { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Of its images and labels; null where that is not known.</summary>
    public string? DatasetSha256 { get; init; }

    public required int Epochs { get; init; }

    public required int Seed { get; init; }

    public required Precision Precision { get; init; }

    /// <summary>0 for the sequential reference.</summary>
    public int Silos { get; init; }

    public long? Slots { get; init; }

    /// <summary>Slots that are through.</summary>
    public long Slot { get; init; }

    public int Epoch { get; init; }

    public int Generation { get; init; }

    public int Recoveries { get; init; }

    /// <summary>Slots that were done again after losses.</summary>
    public long RedoneSlots { get; init; }

    public IReadOnlyList<LayerPlace> Plan { get; init; } = [];

    /// <summary>Why the layers are where they are.</summary>
    public string? PlanReason { get; init; }

    /// <summary>Null where no checkpoint was taken.</summary>
    public long? LastCheckpointSlot { get; init; }

    /// <summary>What befell the run, the oldest first.</summary>
    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    /// <summary>Why the network cannot be expected to have learned, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The test by which a checkpoint of the run answers; null in what earlier versions wrote.</summary>
    public PredictionTest? PredictsBy { get; init; }

    /// <summary>What it means that the two tests contradict each other; null where they do not.</summary>
    public string? TestGap { get; init; }

    /// <summary>
    /// Whether no checkpoint is kept since <see cref="LastCheckpointSlot"/> although one was due: a loss repeats all that came after it.
    /// </summary>
    public bool WithoutNet { get; init; }

    /// <summary>Checkpoints that could not be kept, all together.</summary>
    public int MissedCheckpoints { get; init; }

    /// <summary>Why the last one that was due could not be kept, in one sentence; null where it is kept.</summary>
    public string? MissedCheckpointReason { get; init; }

    /// <summary>What the disk did not take of the run's own files, in sentences; null where all of them are whole.</summary>
    public string? Unwritten { get; init; }

    public double Seconds { get; init; }

    /// <summary>Images learned from per second, over the whole run.</summary>
    public double? SamplesPerSecond { get; init; }

    public double? TestErrorFast { get; init; }

    public double? TestErrorGoodness { get; init; }

    /// <summary>What each layer alone errs on by its own goodness, from the bottom up; null where that was not tested.</summary>
    public IReadOnlyList<double>? LayerErrors { get; init; }

    /// <summary>Pictures that it was taught while it trained: then its hash is of spec, data and its journal of lessons.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Lessons { get; init; }

    /// <summary>Examples of a stream that it learned from; null where it learned from a data set.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Examples { get; init; }

    /// <summary>
    /// Of a stream: share of the newest thousand examples that it answered wrongly before it learned from them; null before there are some.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PrequentialError { get; init; }

    /// <summary>Why not all of a stream was taken, in one sentence; null: it was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StreamRefusal { get; init; }

    public string? StateHash { get; init; }

    public string? Fingerprint { get; init; }

    /// <summary>Whether it can be repeated bit by bit: all of it was computed by kernels of one fingerprint.</summary>
    public bool Exact { get; init; } = true;

    /// <summary>What kernels computed which stage, where it is not exact; null where the fingerprint tells it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<StageKernels>? Kernels { get; init; }

    /// <summary>Which versions of the program computed which stage; null where that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<StageVersions>? Versions { get; init; }

    /// <summary>The run's matrix operations per second, as a share of what the cores it ran on were measured at.</summary>
    public double? MatrixRateShare { get; init; }

    /// <summary>Why there is no such share although something was measured, as the rest of a sentence.</summary>
    public string? MatrixRateLeftOut { get; init; }

    /// <summary>The run's folder; null where a cluster keeps the run and this program no files of it.</summary>
    public required string? Output { get; init; }

    [JsonIgnore]
    public bool IsDone => State == RunStates.Done;

    /// <summary>Whether nothing is done twice when it goes on.</summary>
    [JsonIgnore]
    public bool RestsAtCheckpoint => LastCheckpointSlot is { } slot && slot + 1 == Slot;

    /// <summary>Whether its process is or was one of this machine, rather than a cluster's.</summary>
    [JsonIgnore]
    public bool IsOfHere => Where is null or RunPlace.Here;
}
