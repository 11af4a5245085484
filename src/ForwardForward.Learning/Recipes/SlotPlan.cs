using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Streams;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// The numbered sequence of a run's slots, a pure function of spec and data size: an epoch of training slots, its evaluation, the next
/// epoch; then the batches that still lag behind, a last evaluation of both kinds, and the end.
/// </summary>
internal sealed partial class SlotPlan
{
    /// <summary>Rows that every run's layers have room for.</summary>
    public const int LeastRows = 300;

    private const int MaxReports = 1000; // of a layer: every checkpoint keeps them all
    private readonly List<Segment> _segments = [];
    private readonly int _fastImagesPerSlot;
    private readonly int _goodnessImagesPerSlot;
    private readonly int _testImages;
    private readonly int _checkpointEvery;
    private readonly bool _mayEndEarly;
    private readonly int _batchSize;
    private readonly EvaluationSpec _evaluation;
    private long _lastTraining;
    private readonly IRecipe _recipe;

    // of all slots, once they are counted
    private ((double Passed, double Learned) Rising, (double Passed, double Learned) Iterated)? _rows;

    /// <param name="streamed">Examples of a stream that has ended; null: there is none, or nobody knows yet.</param>
    public SlotPlan(ExperimentSpec spec, int trainImages, int testImages, int classes, long? streamed = null)
    {
        spec.Local.Check(spec);
        Classes = classes;
        _testImages = testImages;
        _batchSize = spec.BatchSize;
        _recipe = Recipes.Recipe.Of(spec);
        BatchesPerEpoch = trainImages / spec.BatchSize;
        if (BatchesPerEpoch == 0)
        {
            throw new InvalidInputException(
                $"batchSize: {spec.BatchSize} is larger than the data set's {trainImages} training images; at most "
                    + $"{trainImages} was expected."
            );
        }

        _recipe.Check();
        Features.Check(spec, _recipe.Network);
        ConvolutionalFields.Check(spec, _recipe.Network);
        LayerParts.Check(spec);
        EarlyStopping.Check(spec);
        PortableCheck.Require(spec, classes);
        StreamCheck.Require(spec, _recipe);
        Batches = (long)BatchesPerEpoch * spec.Epochs;
        Lag = _recipe.NeedsProbabilities ? (int)Math.Min(spec.Negatives.Lag, Batches) : 0;
        MaxRows = Math.Max(3 * spec.BatchSize, LeastRows);
        (_fastImagesPerSlot, _goodnessImagesPerSlot) = (MaxRows, MaxRows / classes);
        (_checkpointEvery, _mayEndEarly) = (spec.Checkpoint.EverySlots, spec.Evaluation.Patience > 0);
        ReportEvery = (int)Math.Max(1, Math.Max(BatchesPerEpoch / 10, Batches / MaxReports) * Iterations.UpdatesPerBatch);
        MeasuresEvery = Math.Max(PrequentialError.Window, Batches * spec.BatchSize / MaxMeasurements);
        _evaluation = spec.Evaluation;
        Lay();
        EndAfter(streamed);
    }

    public int Classes { get; }

    /// <summary>The stages that the slots pass.</summary>
    public StageTopology Stages => _recipe.Network.Stages;

    /// <summary>Of the run.</summary>
    public IRecipe Recipe => _recipe;

    public int BatchesPerEpoch { get; }

    /// <summary>Mini-batches of the whole run.</summary>
    public long Batches { get; private set; }

    /// <summary>Steps between a batch's neutral rows and its learned rows.</summary>
    public int Lag { get; }

    /// <summary>Most rows that a slot carries.</summary>
    public int MaxRows { get; }

    /// <summary>Updates between two measurements of a layer: ten an epoch, at most a thousand in the run.</summary>
    public int ReportEvery { get; }

    public long SlotCount => _segments[^1].First + _segments[^1].Count;

    /// <summary>Updates of a layer in an epoch.</summary>
    public int UpdatesPerEpoch => BatchesPerEpoch * Iterations.UpdatesPerBatch;

    private Iterations Iterations => _recipe.Iterations;

    public PlannedSlot this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)index, (ulong)SlotCount, nameof(index));
            var at = _segments.BinarySearch(
                new Segment(index, 0, default, 0, 0, default, false),
                Comparer<Segment>.Create((a, b) => a.First.CompareTo(b.First))
            );
            var segment = _segments[at < 0 ? ~at - 1 : at];
            var turn = segment.Interleaving.At(index - segment.First, segment.Steps);
            var slot = segment.Kind switch
            {
                SlotKind.Train => Train(segment, index, turn),
                SlotKind.Evaluate => Evaluate(segment, index, turn),
                _ => new PlannedSlot(index, SlotKind.End, segment.Epoch, -1, -1, 0, 0, 0, false),
            };
            var isLast = turn.Iteration == segment.Interleaving.Iterations;
            return slot with
            {
                Iteration = turn.Iteration,
                Following = isLast ? -1 : index + turn.Members,
                GroupFirst = segment.First + (turn.First * segment.Interleaving.SlotsPerStep),
                EndsGroup = isLast && turn.Place == turn.Members - 1,
            };
        }
    }

    /// <summary>
    /// Whether every stage keeps its state after this slot: every so many slots, as soon as no iteration is under way, and after the last
    /// one that anything is learned from.
    /// </summary>
    public bool IsCheckpoint(long index)
    {
        if (_checkpointEvery == 0 || this[index] is not { Kind: SlotKind.Train, EndsGroup: true } slot)
        {
            return false;
        }

        return index == _lastTraining
            || (_mayEndEarly && EndsEpoch(index))
            || (index + 1) / _checkpointEvery > slot.GroupFirst / _checkpointEvery;
    }

    /// <summary>Whether this is the last training slot of an epoch, after which a run may end early.</summary>
    public bool MayBeLastTraining(long index) => IsLastTraining(index) || (_mayEndEarly && EndsEpoch(index));

    /// <summary>Whether an epoch begins with this slot, other than the first.</summary>
    public bool BeginsEpoch(long index) => index > 0 && this[index].Epoch > this[index - 1].Epoch;

    private bool EndsEpoch(long index) =>
        this[index].Kind == SlotKind.Train
        && this[index + 1] is var next
        && (next.Kind != SlotKind.Train || next.Epoch > this[index].Epoch);

    /// <summary>Whether this is the last slot that anything is learned from.</summary>
    public bool IsLastTraining(long index) => index == _lastTraining;

    /// <summary>The first slot from this one on in which layers hear from above; past the end where there is none.</summary>
    public long FromAbove(long index)
    {
        while (index < SlotCount && this[index].Iteration == 0)
        {
            index++;
        }

        return index;
    }

    /// <summary>Rows of all slots, in the pass from below and in iterations: those that pass, and those that are learned from.</summary>
    internal ((double Passed, double Learned) Rising, (double Passed, double Learned) Iterated) Rows => _rows ??= CountRows();

    private ((double Passed, double Learned) Rising, (double Passed, double Learned) Iterated) CountRows()
    {
        (double Passed, double Learned) rising = default,
            iterated = default;
        for (long i = 0; i < SlotCount; i++)
        {
            var slot = this[i];
            ref var rows = ref slot.Iteration == 0 ? ref rising : ref iterated;
            rows = (rows.Passed + slot.Layout.Total, rows.Learned + (slot.Update > 0 ? slot.Layout.Learned : 0));
        }

        return (rising, iterated);
    }

    private static bool IsDue(int epoch, int every) => every > 0 && (epoch + 1) % every == 0;

    private void AddEvaluation(int epoch, bool fast, bool goodness)
    {
        if (fast)
        {
            Add(Slots(_fastImagesPerSlot), SlotKind.Evaluate, epoch, 0, ends: !goodness);
        }

        if (goodness)
        {
            Add(Slots(_goodnessImagesPerSlot), SlotKind.Evaluate, epoch, 1, Iterations.TestLast, ends: true);
        }
    }

    private int Slots(int imagesPerSlot) => (_testImages + imagesPerSlot - 1) / imagesPerSlot;

    private void Add(long steps, SlotKind kind, int epoch, long detail, int iterations = 0, bool ends = false)
    {
        if (steps > 0)
        {
            var first = _segments.Count == 0 ? 0 : SlotCount;
            _segments.Add(
                new Segment(
                    first,
                    steps,
                    kind,
                    epoch,
                    detail,
                    new Interleaving(iterations == 0 ? 1 : Iterations.Interleaved, iterations),
                    ends
                )
            );
        }
    }

    private PlannedSlot Train(Segment segment, long index, Turn turn)
    {
        var firstStep = segment.Detail == 0 ? (long)segment.Epoch * BatchesPerEpoch : segment.Detail;
        var step = firstStep + turn.Step;
        var neutral = step < Batches ? step : -1;
        var learned = step >= Lag ? step - Lag : -1;
        return new PlannedSlot(index, SlotKind.Train, segment.Epoch, neutral, learned, 0, 0, 0, false)
        {
            Layout = _recipe.TrainRows(learned >= 0 ? _batchSize : 0, neutral >= 0 ? _batchSize : 0, turn.Iteration),
            Update = learned >= 0 ? Update(learned, firstStep + turn.First - Lag, turn) : 0,
        };
    }

    /// <param name="firstLearned">Of those that take turns; those below 0 do not exist.</param>
    private long Update(long learned, long firstLearned, Turn turn)
    {
        var members = turn.Members + Math.Min(0, firstLearned);
        firstLearned = Math.Max(0, firstLearned);
        return turn.Iteration < Iterations.LearnFirst
            ? 0
            : (firstLearned * Iterations.UpdatesPerBatch)
                + ((turn.Iteration - Iterations.LearnFirst) * members)
                + (learned - firstLearned)
                + 1;
    }

    private PlannedSlot Evaluate(Segment segment, long index, Turn turn)
    {
        var isGoodness = segment.Detail == 1;
        var perSlot = isGoodness ? _goodnessImagesPerSlot : _fastImagesPerSlot;
        var first = checked((int)turn.Step * perSlot);
        var images = Math.Min(perSlot, _testImages - first);
        var ends = segment.Ends && index == segment.First + segment.Count - 1;
        return new PlannedSlot(
            index,
            SlotKind.Evaluate,
            segment.Epoch,
            -1,
            -1,
            first,
            isGoodness ? 0 : images,
            isGoodness ? images : 0,
            ends
        )
        {
            Layout = isGoodness ? _recipe.GoodnessTestRows(images, Classes, turn.Iteration) : new RowLayout(0, 0, images, 0),
        };
    }

    /// <param name="Detail">Train: the first step where it is not the epoch's own (0: it is). Evaluate: 1 for the goodness test.</param>
    private readonly record struct Segment(
        long First,
        long Steps,
        SlotKind Kind,
        int Epoch,
        long Detail,
        Interleaving Interleaving,
        bool Ends
    )
    {
        public long Count => Steps * Interleaving.SlotsPerStep;
    }
}
