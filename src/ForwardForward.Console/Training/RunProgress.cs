using ForwardForward.Console.Runs;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Training;

/// <summary>What is known of a run so far.</summary>
/// <param name="first">The run when the watch began.</param>
/// <param name="silos">Silos that share its layers; 0 for the sequential reference.</param>
/// <param name="folder">Where the run's files are kept; null where this program keeps none.</param>
internal sealed class RunProgress(RunStatus first, int silos, string? folder)
{
    private const double MinSpan = 1; // seconds that a rate is taken over
    private readonly (LayerMeasurement Measured, int? InboxDepth)?[] _layers = new (LayerMeasurement, int?)?[
        StageTopology.Of(first.Spec).Layers
    ];
    private readonly List<double> _errors = [];
    private readonly List<double> _rates = [];
    private readonly int? _silos = first.Plan.Count == 0 && silos > 0 ? silos : null;
    private SlotPlan? _plan;
    private long _farthest;
    private (long Images, double Seconds)? _paced;

    public string Run { get; } = first.Run;

    public string? Preset { get; } = first.Preset;

    /// <summary>Those that share the layers now; of silos inside this process, which cannot be lost, all.</summary>
    public int Silos =>
        _silos ?? Status.Plan.Select(place => (place.Silo, place.Endpoint)).Distinct().Count(place => !AreLost.Contains(place.Silo));

    /// <summary>What befell the run, the oldest first.</summary>
    public IReadOnlyList<Incident> Incidents => [.. Earlier, .. Status.Incidents];

    /// <summary>What befell it before this program took it up again.</summary>
    public IReadOnlyList<Incident> Earlier { get; init; } = [];

    /// <summary>What kernels computed which stage, of a run that is not exact.</summary>
    public IReadOnlyList<StageKernels> Kernels => StageKernels.Union(EarlierKernels, Status.Kernels);

    /// <summary>Those that computed it before this program took it up again.</summary>
    public IReadOnlyList<StageKernels> EarlierKernels { get; init; } = [];

    /// <summary>Which versions of the program computed which stage.</summary>
    public IReadOnlyList<StageVersions> Versions => StageVersions.Union(EarlierVersions, Status.Versions);

    /// <summary>Those that computed it before this program took it up again.</summary>
    public IReadOnlyList<StageVersions> EarlierVersions { get; init; } = [];

    public string? Folder => folder;

    /// <summary><see cref="RunPlace.Here"/>, or HOST:PORT of the cluster that has the run.</summary>
    public string Where { get; init; } = RunPlace.Here;

    public RunStatus Status { get; private set; } = first;

    public ExperimentSpec Spec => Status.Spec;

    /// <summary>Null before the run's data is open.</summary>
    public SlotPlan? Plan
    {
        get
        {
            if (Status.Data is { } data)
            {
                _plan ??= new SlotPlan(Spec, data.TrainImages, data.TestImages, data.Classes);
                _plan.EndAfter(Status.Streamed);
            }

            return _plan;
        }
    }

    /// <summary>The last measurement of every layer, from the bottom up.</summary>
    public IReadOnlyList<(LayerMeasurement Measured, int? InboxDepth)?> Layers => _layers;

    /// <summary>The last evaluation with a fast test.</summary>
    public Evaluation? Fast { get; private set; } = first.LastEvaluation is { ErrorFast: not null } fast ? fast : null;

    /// <summary>The last evaluation with a goodness test.</summary>
    public Evaluation? Goodness { get; private set; } = first.LastEvaluation is { ErrorGoodness: not null } goodness ? goodness : null;

    /// <summary>What each layer alone errs on, from the bottom up, as last tested; empty before it was.</summary>
    public IReadOnlyList<double> OwnErrors { get; private set; } = first.LastEvaluation?.OwnErrors ?? [];

    public double Seconds => Status.Seconds;

    /// <summary>Images that the network has learned from, each epoch's anew.</summary>
    public long ImagesLearned => Plan is { } plan && Status.Slot > 0 ? BatchesLearned(plan, Status.Slot - 1) * Spec.BatchSize : 0;

    public double? SamplesPerSecond => Seconds > 0 ? ImagesLearned / Seconds : null;

    /// <summary>Errors of the fast test since the watch began, one per evaluation.</summary>
    public IReadOnlyList<double> Errors => _errors;

    /// <summary>Images learned from per second since the watch began, one for each second or more.</summary>
    public IReadOnlyList<double> Rates => _rates;

    /// <summary>Share of the run that is through, 0 to 1.</summary>
    public double RunShare => Status.Slots > 0 ? (double)Status.Slot / Status.Slots : 0;

    /// <summary>Share of the epoch's batches that have gone in, 0 to 1.</summary>
    public double EpochShare =>
        Plan is { } plan && Status.Slot > 0 ? BatchesOfEpoch(plan, Status.Slot - 1) / (double)plan.BatchesPerEpoch : 0;

    /// <summary>Slots that were through at some time: more than now where some are done again.</summary>
    public long FarthestSlot => Status.Incidents.Select(incident => incident.Slot + 1).Append(_farthest).Append(Status.Slot).Max();

    /// <summary>At the pace so far, which neither a loss changes nor the time in which nothing could be done.</summary>
    public TimeSpan? Left =>
        Status.Slot + Status.RedoneSlots is > 0 and var done
            ? TimeSpan.FromSeconds((Seconds - Status.Incidents.SecondsLost(Seconds)) / done * (Status.Slots - Status.Slot))
            : null;

    /// <summary>Why the network cannot be expected to learn; none where it does, or has only begun.</summary>
    public IReadOnlyList<CollapseWarning> Warnings =>
        Status.Data is { } data
            ? Collapse.Of(
                Spec,
                new LastMeasured(
                    [.. _layers.Select(layer => layer?.Measured)],
                    Status.LastEvaluation,
                    data.ErrorAtChance ?? 1 - (1.0 / data.Classes),
                    data.TestImages
                )
            )
            : [];

    /// <summary>
    /// The run's matrix operations per second as a share of a matrix rate in operations per second, which is not a number where the machine
    /// was busy.
    /// </summary>
    public MatrixRateShare ShareOf(double matrixRate) =>
        Passed is { } plan
            ? MatrixRateShare.Of(plan.Recipe.Network.MatrixOperations(plan, Status.Data!.Pixels, Status.Pulling), Seconds, matrixRate)
            : default;

    // Of a run that a test has ended, what it came to.
    private SlotPlan? Passed =>
        Status is { State: RunState.Done, Data: { } data, Streamed: null } && Status.Epoch < Spec.Epochs
            ? new SlotPlan(Spec with { Epochs = Status.Epoch }, data.TrainImages, data.TestImages, data.Classes)
            : Plan;

    public void Apply(RunUpdate news)
    {
        Status = news.Status with { Data = news.Status.Data ?? Status.Data };
        _farthest = Math.Max(_farthest, Status.Slot);
        foreach (var measured in news.Events)
        {
            if (measured.Layer is { } layer)
            {
                _layers[layer.Layer - 1] = (layer, measured.InboxDepth);
            }

            if (measured.Evaluation is { ErrorFast: { } error } fast)
            {
                Fast = fast;
                _errors.Add(error);
            }

            OwnErrors = measured.Evaluation is { OwnErrors: { Count: > 0 } own } ? own : OwnErrors;
            Goodness = measured.Evaluation is { ErrorGoodness: not null } goodness ? goodness : Goodness;
        }

        Pace();
    }

    // While it is not yet known where the run goes on, its plan still names them.
    private IReadOnlyList<string> AreLost =>
        Status.State == RunState.Recovering && Status.Incidents.Open() is { Kind: IncidentKind.Loss } loss ? loss.Silos : [];

    private void Pace()
    {
        var now = (ImagesLearned, Seconds);
        if (_paced is not { } before || now.ImagesLearned < before.Images)
        {
            _paced = now;
        }
        else if (now.Seconds - before.Seconds >= MinSpan)
        {
            _rates.Add((now.ImagesLearned - before.Images) / (now.Seconds - before.Seconds));
            _paced = now;
        }
    }

    private static long BatchesLearned(SlotPlan plan, long slot) =>
        plan[slot] switch
        {
            { LearnedBatch: >= 0 and var batch } => batch + 1,
            { Kind: SlotKind.Train } => 0, // the first slots only send neutral rows up
            { Epoch: var epoch } => Math.Max(0, ((epoch + 1L) * plan.BatchesPerEpoch) - (IsLast(plan, epoch) ? 0 : plan.Lag)),
        };

    private static long BatchesOfEpoch(SlotPlan plan, long slot) =>
        plan[slot] is { Kind: SlotKind.Train, NeutralBatch: >= 0 and var batch }
            ? (batch % plan.BatchesPerEpoch) + 1
            : plan.BatchesPerEpoch;

    private static bool IsLast(SlotPlan plan, int epoch) => (epoch + 1L) * plan.BatchesPerEpoch == plan.Batches;
}
