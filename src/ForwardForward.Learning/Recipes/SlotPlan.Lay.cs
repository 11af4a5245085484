using ForwardForward.Learning.Streams;

namespace ForwardForward.Learning.Recipes;

/// <content>
/// The order of its slots. Of a stream nobody knows how long it is before it ends: until then its plan is that of a run with all the epochs
/// of the spec, and what comes before the end is the same in the plan that is cut short to it.
/// </content>
internal sealed partial class SlotPlan
{
    private const int MaxMeasurements = 1000; // of a stream: every checkpoint keeps them all

    /// <summary>Whether a stream has ended before the epochs of the spec were over.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Examples of a stream from one measurement of its error to the next.</summary>
    public long MeasuresEvery { get; private set; }

    /// <summary>A stream has ended: its last whole mini-batch is the run's last.</summary>
    /// <param name="examples">Of the stream; null: it goes on.</param>
    /// <exception cref="StreamTooShortException">They do not make a mini-batch.</exception>
    public void EndAfter(long? examples)
    {
        if (examples is not { } all || IsCutShort || all / _batchSize >= Batches)
        {
            return;
        }

        if (all < _batchSize)
        {
            throw new StreamTooShortException(all, _batchSize);
        }

        (Batches, IsCutShort, _rows) = (all / _batchSize, true, null);
        Lay();
    }

    private void Lay()
    {
        _segments.Clear();
        var last = (int)((Batches - 1) / BatchesPerEpoch);
        for (var epoch = 0; epoch < last; epoch++)
        {
            Add(BatchesPerEpoch, SlotKind.Train, epoch, 0, Iterations.Count);
            AddEvaluation(epoch, IsDue(epoch, _evaluation.FastEvery), _recipe.HasGoodnessTest && IsDue(epoch, _evaluation.GoodnessEvery));
        }

        Add(Batches - ((long)last * BatchesPerEpoch), SlotKind.Train, last, 0, Iterations.Count);
        Add(Math.Min(Lag, Batches), SlotKind.Train, last, Math.Max(Lag, Batches), Iterations.Count);
        var training = _segments.FindLast(segment => segment.Kind == SlotKind.Train); // a status may tell of no epoch
        _lastTraining = training.First + training.Count - 1;
        AddEvaluation(last, fast: true, goodness: _recipe.HasGoodnessTest);
        Add(1, SlotKind.End, last, 0);
    }
}
