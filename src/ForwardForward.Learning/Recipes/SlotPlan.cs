using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>What one slot consists of. Batches are numbered through all epochs; -1 means none.</summary>
public readonly record struct PlannedSlot(
    long Index, SlotKind Kind, int Epoch, long NeutralBatch, long LearnedBatch, int FirstImage, int FastImages, int GoodnessImages, bool EndsEvaluation);

/// <summary>
/// The numbered sequence of a run's slots, a pure function of spec and data size: an epoch of training slots, its evaluation, the next epoch; then the
/// batches that still lag behind, a last evaluation of both kinds, and the end.
/// </summary>
public sealed class SlotPlan
{
    private const int MostReports = 1000; // of a layer: every checkpoint keeps them all
    private readonly List<Segment> _segments = [];
    private readonly int _fastImagesPerSlot, _goodnessImagesPerSlot, _testImages, _checkpointEvery;
    private readonly long _lastTraining;
    private readonly bool _hasLabels;

    public SlotPlan(ExperimentSpec spec, int trainImages, int testImages, int classes)
    {
        (Classes, _testImages, _hasLabels) = (classes, testImages, spec.Negatives.Kind != NegativesKind.Hybrid);
        BatchesPerEpoch = trainImages / spec.BatchSize;
        if (BatchesPerEpoch == 0)
        {
            throw new InvalidInputException($"batchSize: {spec.BatchSize} is larger than the data set's {trainImages} training images; at most {trainImages} was expected.");
        }

        if (!_hasLabels && spec.BatchSize < 2)
        {
            throw new InvalidInputException("batchSize: hybrid negatives mix two images of a batch; at least 2 was expected.");
        }

        Batches = (long)BatchesPerEpoch * spec.Epochs;
        Lag = spec.Negatives.Kind == NegativesKind.Hard ? (int)Math.Min(spec.Negatives.Lag, Batches) : 0;
        MaxRows = Math.Max(3 * spec.BatchSize, 300);
        (_fastImagesPerSlot, _goodnessImagesPerSlot) = (MaxRows, MaxRows / classes);
        _checkpointEvery = spec.Checkpoint.EverySlots;
        ReportEvery = (int)Math.Max(1, Math.Max(BatchesPerEpoch / 10, Batches / MostReports));
        Lay(spec);
        var last = _segments.FindLast(segment => segment.Kind == SlotKind.Train);
        _lastTraining = last.First + last.Count - 1;
    }

    public int Classes { get; }

    public int BatchesPerEpoch { get; }

    /// <summary>Mini-batches of the whole run.</summary>
    public long Batches { get; }

    /// <summary>Training slots between a batch's neutral rows and its learned rows.</summary>
    public int Lag { get; }

    /// <summary>Most rows that a slot carries.</summary>
    public int MaxRows { get; }

    /// <summary>Updates between two measurements of a layer: ten an epoch, at most a thousand in the run.</summary>
    public int ReportEvery { get; }

    public long SlotCount => _segments[^1].First + _segments[^1].Count;

    public PlannedSlot this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)index, (ulong)SlotCount, nameof(index));
            var at = _segments.BinarySearch(new Segment(index, 0, default, 0, 0, false), Comparer<Segment>.Create((a, b) => a.First.CompareTo(b.First)));
            var segment = _segments[at < 0 ? ~at - 1 : at];
            return segment.Kind switch
            {
                SlotKind.Train => Train(segment, index),
                SlotKind.Evaluate => Evaluate(segment, index),
                _ => new PlannedSlot(index, SlotKind.End, segment.Epoch, -1, -1, 0, 0, 0, false),
            };
        }
    }

    /// <summary>Whether every stage keeps its state after this slot: every so many slots, and after the last one that anything is learned from.</summary>
    public bool IsCheckpoint(long index) => _checkpointEvery > 0 && ((index + 1) % _checkpointEvery == 0 || index == _lastTraining) && this[index].Kind == SlotKind.Train;

    /// <summary>Floating-point operations of all matrix products of the run, for layers of these widths above inputs of this width.</summary>
    public double MatrixOperations(int inputs, IReadOnlyList<int> layers, int batchSize)
    {
        double forwardRows = 0, learnedRows = 0;
        for (long i = 0; i < SlotCount; i++)
        {
            var slot = this[i];
            var learned = slot.LearnedBatch >= 0 ? 2 * batchSize : 0;
            learnedRows += learned;
            forwardRows += learned + (slot.NeutralBatch >= 0 && _hasLabels ? batchSize : 0) + slot.FastImages + (slot.GoodnessImages * Classes);
        }

        var weights = layers.Select((units, i) => (double)units * (i == 0 ? inputs : layers[i - 1])).Sum();
        return 2 * weights * (forwardRows + learnedRows);
    }

    private void Lay(ExperimentSpec spec)
    {
        for (var epoch = 0; epoch < spec.Epochs; epoch++)
        {
            Add(BatchesPerEpoch, SlotKind.Train, epoch, 0);
            if (epoch < spec.Epochs - 1)
            {
                AddEvaluation(epoch, IsDue(epoch, spec.Evaluation.FastEvery), _hasLabels && IsDue(epoch, spec.Evaluation.GoodnessEvery));
            }
        }

        Add(Lag, SlotKind.Train, spec.Epochs - 1, Batches);
        AddEvaluation(spec.Epochs - 1, fast: true, goodness: _hasLabels);
        Add(1, SlotKind.End, spec.Epochs - 1, 0);
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
            Add(Slots(_goodnessImagesPerSlot), SlotKind.Evaluate, epoch, 1, ends: true);
        }
    }

    private int Slots(int imagesPerSlot) => (_testImages + imagesPerSlot - 1) / imagesPerSlot;

    private void Add(long count, SlotKind kind, int epoch, long detail, bool ends = false)
    {
        if (count > 0)
        {
            var first = _segments.Count == 0 ? 0 : SlotCount;
            _segments.Add(new Segment(first, count, kind, epoch, detail, ends));
        }
    }

    private PlannedSlot Train(Segment segment, long index)
    {
        var step = index - segment.First + (segment.Detail == 0 ? (long)segment.Epoch * BatchesPerEpoch : segment.Detail);
        var neutral = step < Batches ? step : -1;
        return new PlannedSlot(index, SlotKind.Train, segment.Epoch, neutral, step >= Lag ? step - Lag : -1, 0, 0, 0, false);
    }

    private PlannedSlot Evaluate(Segment segment, long index)
    {
        var isGoodness = segment.Detail == 1;
        var perSlot = isGoodness ? _goodnessImagesPerSlot : _fastImagesPerSlot;
        var first = checked((int)(index - segment.First) * perSlot);
        var images = Math.Min(perSlot, _testImages - first);
        var ends = segment.Ends && index == segment.First + segment.Count - 1;
        return new PlannedSlot(index, SlotKind.Evaluate, segment.Epoch, -1, -1, first, isGoodness ? 0 : images, isGoodness ? images : 0, ends);
    }

    /// <param name="Detail">Train: the first step where it is not the epoch's own (0: it is). Evaluate: 1 for the goodness test.</param>
    private readonly record struct Segment(long First, long Count, SlotKind Kind, int Epoch, long Detail, bool Ends);
}
