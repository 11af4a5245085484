using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Console.Training;

/// <summary>What is known of a run so far.</summary>
internal sealed class RunProgress(string run, Experiment experiment, int silos, string folder)
{
    private readonly (LayerMeasurement Measured, int? InboxDepth)?[] _layers = new (LayerMeasurement, int?)?[experiment.Spec.Layers.Count];

    public string Run => run;

    public Experiment Experiment => experiment;

    public int Silos => silos;

    public string Folder => folder;

    /// <summary>Null before the first news.</summary>
    public RunStatus? Status { get; private set; }

    /// <summary>The last measurement of every layer, from the bottom up.</summary>
    public IReadOnlyList<(LayerMeasurement Measured, int? InboxDepth)?> Layers => _layers;

    /// <summary>The last evaluation with a fast test.</summary>
    public Evaluation? Fast { get; private set; }

    /// <summary>The last evaluation with a goodness test.</summary>
    public Evaluation? Goodness { get; private set; }

    public double Seconds => Status?.Seconds ?? 0;

    /// <summary>Images that the network has learned from, each epoch's anew.</summary>
    public long ImagesLearned => Status is { Slot: > 0 } status ? BatchesLearned(experiment.Plan, status.Slot - 1) * experiment.Spec.BatchSize : 0;

    public double? SamplesPerSecond => Seconds > 0 ? ImagesLearned / Seconds : null;

    /// <summary>Share of the run that is through, 0 to 1.</summary>
    public double RunShare => Status is { Slots: > 0 } status ? (double)status.Slot / status.Slots : 0;

    /// <summary>Share of the epoch's batches that have gone in, 0 to 1.</summary>
    public double EpochShare => Status is { Slot: > 0 } status ? BatchesOfEpoch(experiment.Plan, status.Slot - 1) / (double)experiment.Plan.BatchesPerEpoch : 0;

    /// <summary>At the pace so far.</summary>
    public TimeSpan? Left => RunShare > 0 ? TimeSpan.FromSeconds(Seconds * (1 - RunShare) / RunShare) : null;

    public void Apply(RunUpdate news)
    {
        Status = news.Status;
        foreach (var measured in news.Events)
        {
            if (measured.Layer is { } layer)
            {
                _layers[layer.Layer - 1] = (layer, measured.InboxDepth);
            }

            Fast = measured.Evaluation is { ErrorFast: not null } fast ? fast : Fast;
            Goodness = measured.Evaluation is { ErrorGoodness: not null } goodness ? goodness : Goodness;
        }
    }

    private static long BatchesLearned(SlotPlan plan, long slot) => plan[slot] switch
    {
        { LearnedBatch: >= 0 and var batch } => batch + 1,
        { Kind: SlotKind.Train } => 0, // the first slots only send neutral rows up
        { Epoch: var epoch } => Math.Max(0, ((epoch + 1L) * plan.BatchesPerEpoch) - (IsLast(plan, epoch) ? 0 : plan.Lag)),
    };

    private static long BatchesOfEpoch(SlotPlan plan, long slot) =>
        plan[slot] is { Kind: SlotKind.Train, NeutralBatch: >= 0 and var batch } ? (batch % plan.BatchesPerEpoch) + 1 : plan.BatchesPerEpoch;

    private static bool IsLast(SlotPlan plan, int epoch) => (epoch + 1L) * plan.BatchesPerEpoch == plan.Batches;
}
