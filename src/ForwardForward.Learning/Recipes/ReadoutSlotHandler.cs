using System.Globalization;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Streams;
using ForwardForward.Learning.Tensors;
using static System.FormattableString;

namespace ForwardForward.Learning.Recipes;

/// <summary>What came out of one slot at the top.</summary>
/// <param name="Probabilities">
/// Class probabilities of the rows that are read of a training slot, N x C, from before the readout's own update; empty otherwise.
/// </param>
/// <param name="Evaluation">The test errors, where the slot completed an evaluation.</param>
/// <param name="Answer">To the question that rode with the slot.</param>
internal sealed record ReadoutResult(float[] Probabilities, Evaluation? Evaluation, PredictionResponse? Answer)
{
    /// <summary>Of a stream, where a measurement is due after the slot.</summary>
    public PrequentialMeasurement? Prequential { get; init; }
}

/// <summary>The readout with its place in a run: classifies, learns, and counts the errors of the tests.</summary>
internal sealed class ReadoutSlotHandler : IDisposable
{
    private const string PendingPrefix = "probabilities.";
    private readonly Queue<(long Batch, float[] Probabilities)> _recent = []; // of the last batches, as many as lag behind
    private readonly Dictionary<long, float[]> _settling = []; // goodness of candidate rows so far, by the slot of their next iteration
    private readonly SlotPlan _plan;
    private readonly ExperimentSpec _spec;
    private readonly IClassifier _readout;
    private readonly PrequentialError? _prequential;
    private long _learned = -1; // the batch that layers learned last: of a stream whose end only the source knows
    private Tally _fast;
    private Tally _goodness;
    private readonly OwnTests _own = new();

    public ReadoutSlotHandler(ExperimentSpec spec, SlotPlan plan, int pixels)
    {
        (_spec, _plan) = (spec, plan);
        _readout = plan.Recipe.Network.Classifier(pixels, plan.Classes, plan.MaxRows);
        _prequential = spec.Stream ? new PrequentialError(plan.MeasuresEvery) : null;
    }

    /// <summary>Takes one slot from every featured layer, from the bottom up; disposes their rows.</summary>
    /// <exception cref="DivergedException">Its class probabilities are no numbers.</exception>
    public ReadoutResult Process(IReadOnlyList<Slot> fromLayers)
    {
        var slot = fromLayers[^1];
        var answer = slot.Question is null ? null : AnswerTo([.. fromLayers.Select(layer => layer.Question!)], slot);
        var probabilities = Classify(slot, fromLayers);
        var kept = slot.Kind == SlotKind.Train ? probabilities.ToArray() : [];
        var prequential = kept.Length > 0 ? Prequential(slot, kept) : null; // before anything is learned of these images
        _learned = slot.Update > 0 ? slot.Update - 1 : _learned;
        if (slot.Kind == SlotKind.Train && slot.Read.Count > 0)
        {
            _readout.Learn(slot.Labels, LearningRateSchedule.Factor(_spec, slot.Epoch));
        }

        if (kept.Length > 0)
        {
            Remember(_plan[slot.Index].NeutralBatch, kept);
        }

        return new ReadoutResult(
            kept,
            slot.Kind == SlotKind.Evaluate ? Count(_plan.Recipe.Iterations.Count > 0 ? Settled(fromLayers) : slot, probabilities) : null,
            answer
        )
        {
            Prequential = prequential,
        };
    }

    /// <summary>
    /// A copy of everything that the run's future depends on here: the readout's state, and the probabilities that the source still needs.
    /// </summary>
    /// <param name="slot">The training slot that was handled last.</param>
    public IReadOnlyList<StateTensor> Snapshot(long slot) =>
        [
            .. _readout.State.Select(tensor => StateTensor.Of(tensor.Name, tensor.Value)),
            .. _recent
                .Where(batch => batch.Batch > (_prequential is null ? _plan[slot].LearnedBatch : _learned))
                .Select(batch => StateTensor.Of($"{PendingPrefix}{batch.Batch}", _spec.BatchSize, batch.Probabilities)),
            .. _prequential is null ? Array.Empty<StateTensor>() : [_prequential.Snapshot()],
        ];

    /// <summary>Begins with the weights, or the state, of the spec's file, where it names one.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or is of another network.</exception>
    public void Begin()
    {
        var fresh = _readout.State.Select(tensor => StateTensor.Of(tensor.Name, tensor.Value)).ToList();
        if (_spec.Start.State.Length > 0)
        {
            Restore(InitialState.Into(_spec.Start, _plan.Stages.Parts.Count, fresh, fresh.Select(tensor => tensor.Name)));
        }
        else if (_spec.Start.Weights.Length > 0 && fresh.Count > 0)
        {
            Restore(InitialWeights.Into(_spec.Start, fresh, new LayerShard(0, 0, 1), ("weights", InitialWeights.Readout)));
        }
    }

    /// <summary>Takes up where a snapshot was taken.</summary>
    /// <exception cref="InvalidInputException">It is the snapshot of another readout.</exception>
    public void Restore(IReadOnlyList<StateTensor> snapshot)
    {
        StateTensor.Restore(_readout.State, snapshot);
        _prequential?.Restore(snapshot);
        _recent.Clear();
        foreach (var (batch, probabilities) in Pending(snapshot))
        {
            Remember(batch, probabilities);
        }
    }

    /// <summary>
    /// Probabilities in a snapshot of the batches whose negatives are still to be drawn: the source must be offered them again.
    /// </summary>
    public static IEnumerable<(long Batch, float[] Probabilities)> Pending(IReadOnlyList<StateTensor> snapshot) =>
        snapshot
            .Where(tensor => tensor.Name.StartsWith(PendingPrefix, StringComparison.Ordinal))
            .Select(tensor => (long.Parse(tensor.Name.AsSpan(PendingPrefix.Length), CultureInfo.InvariantCulture), tensor.ToFloats()));

    /// <summary>SHA-256 of the readout's state.</summary>
    public byte[] Digest() => StateHash.OfStage(_readout.State);

    public void Dispose() => _readout.Dispose();

    private ReadOnlySpan<float> Classify(Slot slot, IReadOnlyList<Slot> fromLayers)
    {
        try
        {
            for (var i = 0; i < fromLayers.Count; i++)
            {
                if (fromLayers[i].Rows is { } rows)
                {
                    _readout.Load(i, rows);
                }
            }

            var probabilities = slot.Read.Count == 0 ? [] : _readout.Classify(slot.Read.Count);
            return probabilities.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0
                ? probabilities
                : throw Diverged(slot, fromLayers);
        }
        finally
        {
            foreach (var layer in fromLayers)
            {
                layer.Rows?.Dispose();
            }
        }
    }

    private PrequentialMeasurement? Prequential(Slot slot, float[] said) =>
        _prequential?.Add(said, slot.Labels, _plan[slot.Index].NeutralBatch * _spec.BatchSize, slot.Index, slot.Epoch);

    private bool IsWhole => _plan.Recipe.Network.LearnsAsWhole;

    private DivergedException Diverged(Slot slot, IReadOnlyList<Slot> fromLayers)
    {
        var layer = fromLayers.TakeWhile(from => from.Rows?.AreFinite() ?? true).Count();
        var (what, how) = (IsWhole, layer < fromLayers.Count) switch
        {
            (true, _) => (
                "The network",
                Invariant($"its class probabilities are no numbers; lower optimizer.learningRate ({_spec.Optimizer.LearningRate}).")
            ),
            (_, true) => (
                $"Layer {_plan.Stages.Featured[layer] + 1}",
                Invariant($"its activity is no number; lower optimizer.learningRate ({_spec.Optimizer.LearningRate}).")
            ),
            _ => (
                "The readout",
                Invariant($"its class probabilities are no numbers; lower readout.learningRate ({_spec.Readout.LearningRate}).")
            ),
        };
        return new DivergedException(what, how).At(slot.Index, isEcho: layer < fromLayers.Count || IsWhole);
    }

    private PredictionResponse AnswerTo(IReadOnlyList<PredictionRequest> fromLayers, Slot slot)
    {
        for (var i = 0; i < fromLayers.Count; i++)
        {
            _readout.Load(i, fromLayers[i].Rows);
            fromLayers[i].Rows.Dispose();
        }

        var images = fromLayers[^1].Rows.Rows;
        return new PredictionResponse(fromLayers[^1].Id, slot.Index - 1, _readout.Classify(images).ToArray())
        {
            Layers = slot.Tried?.Of(images, _plan.Classes),
        };
    }

    // Goodness of all layers and of all the iterations that count, once the last of them is here.
    private Slot Settled(IReadOnlyList<Slot> fromLayers)
    {
        var (slot, planned) = (fromLayers[^1], _plan[fromLayers[^1].Index]);
        if (planned.Iteration < _plan.Recipe.Iterations.TestFirst)
        {
            return slot;
        }

        var sum = _settling.Remove(slot.Index, out var before) ? before : new float[slot.CandidateGoodness.Length];
        foreach (var layer in fromLayers)
        {
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += layer.CandidateGoodness[i];
            }
        }

        if (planned.Following >= 0)
        {
            _settling[planned.Following] = sum;
        }

        return slot with
        {
            CandidateGoodness = sum,
        };
    }

    private void Remember(long batch, float[] probabilities)
    {
        _recent.Enqueue((batch, probabilities));
        if (_recent.Count > _plan.Lag)
        {
            _recent.Dequeue();
        }
    }

    private Evaluation? Count(Slot slot, ReadOnlySpan<float> probabilities)
    {
        _fast.Add(probabilities, slot.Labels.AsSpan(0, slot.Read.Count));
        _goodness.Add(slot.CandidateGoodness, slot.Labels.AsSpan(slot.Read.Count));
        _own.Add(slot);
        if (!slot.EndsEvaluation)
        {
            return null;
        }

        var evaluation = new Evaluation(slot.Index, slot.Epoch + 1, _fast.Error, _goodness.Error) { OwnErrors = _own.Take() };
        (_fast, _goodness) = (default, default);
        return evaluation;
    }

    private struct Tally
    {
        private int _images;
        private int _wrong;

        public readonly double? Error => _images == 0 ? null : (double)_wrong / _images;

        public void Add(ReadOnlySpan<float> scores, ReadOnlySpan<byte> labels)
        {
            _images += labels.Length;
            _wrong += Classification.Errors(scores, labels);
        }
    }
}
