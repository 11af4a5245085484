using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// Makes the slots of a run. Hard negatives of a batch need the readout's probabilities for it, which come back while later
/// batches go up; a slot whose probabilities are not there yet cannot be made.
/// </summary>
public sealed partial class SlotSource
{
    private readonly ExperimentSpec _spec;
    private readonly PictureRows _train, _test;
    private readonly HybridMask _mask;
    private readonly int _trainImages;
    private readonly bool _hasNegatives, _hasLabels, _hasHardNegatives;
    private readonly Dictionary<long, float[]> _probabilities = [];
    private readonly Dictionary<int, int[]> _orders = [];

    public SlotSource(ExperimentSpec spec, DataSet data)
    {
        _spec = spec;
        Plan = new SlotPlan(spec, data.Train.Count, data.Test.Count, data.Classes);
        (_trainImages, _hasNegatives) = (data.Train.Count, !spec.Backpropagation.IsOn);
        _hasLabels = _hasNegatives && spec.Negatives.Kind != NegativesKind.Hybrid;
        _hasHardNegatives = _hasNegatives && spec.Negatives.Kind == NegativesKind.Hard;
        _mask = new HybridMask(data.Train.Height, data.Train.Width, spec.Negatives.Blurs);
        _train = new PictureRows(data.Train, data.Classes, spec);
        _test = new PictureRows(data.Test, data.Classes, spec);
    }

    public SlotPlan Plan { get; }

    /// <summary>Takes the readout's class probabilities for the neutral rows of a batch, B x C.</summary>
    public void Offer(long batch, float[] probabilities)
    {
        if (_hasHardNegatives)
        {
            _probabilities[batch] = probabilities;
        }
    }

    /// <summary>Whether everything that this slot's negatives depend on is here.</summary>
    public bool CanMake(long index) =>
        !_hasHardNegatives || Plan[index].LearnedBatch is var batch && (batch < 0 || _probabilities.ContainsKey(batch));

    /// <summary>Makes a slot; whoever takes it disposes its rows.</summary>
    public Slot Make(long index)
    {
        var planned = Plan[index];
        var slot = new Slot { Index = index, Kind = planned.Kind, Epoch = planned.Epoch, EndsEvaluation = planned.EndsEvaluation };
        return planned.Kind switch
        {
            SlotKind.Train => _spec.TopDown.IsOn ? TrainTopDown(slot, planned) : Train(slot, planned),
            SlotKind.Evaluate => _spec.TopDown.IsOn && planned.GoodnessImages > 0 ? TestTopDown(slot, planned) : Evaluate(slot, planned),
            _ => slot,
        };
    }

    /// <summary>Makes the rows of a question; whoever takes it disposes them.</summary>
    /// <param name="images">At most <see cref="Question.MostImages"/>, as large as the run's.</param>
    public Question Ask(long id, LabelledImages images)
    {
        var rows = Activations.Rent(images.Count, _train.Width, _spec.Precision);
        var pictures = new PictureRows(images, _train.Classes, _spec);
        for (var i = 0; i < images.Count; i++)
        {
            pictures.Load(i);
            pictures.WriteNeutral(rows, i);
        }

        return new Question(id, rows);
    }

    private Slot Train(Slot slot, PlannedSlot planned)
    {
        var learned = planned.Layout.Positive;
        var read = planned.NeutralBatch >= 0 ? _spec.BatchSize : 0;
        var layout = planned.Layout;
        var rows = Activations.Rent(layout.Total, _train.Width, _spec.Precision);
        if (learned > 0 && _hasLabels)
        {
            WriteLearned(rows, planned.LearnedBatch);
        }
        else if (learned > 0)
        {
            WriteHybrids(rows, planned.LearnedBatch);
        }

        var labels = new byte[read];
        for (var i = 0; i < read; i++)
        {
            labels[i] = _train.Label(Image(planned.NeutralBatch, i));
        }

        for (var i = 0; i < layout.Neutral; i++)
        {
            _train.Load(Image(planned.NeutralBatch, i), planned.NeutralBatch, i);
            _train.WriteNeutral(rows, layout.FirstNeutral + i);
        }

        return slot with { Update = planned.Update, Layout = layout, ReadsPositive = _hasNegatives && !_hasLabels, Labels = labels, Rows = rows };
    }

    private void WriteHybrids(Activations rows, long batch)
    {
        var random = new KeyedRandom(_spec.Seed, Draw.HybridMask, 0, batch);
        for (var i = 0; i < _spec.BatchSize; i++)
        {
            _train.Load(Image(batch, i), batch, i);
            _train.WriteNeutral(rows, i);
            var other = (i + 1 + random.NextInt32(_spec.BatchSize - 1)) % _spec.BatchSize;
            _train.Mix(Image(batch, other), batch, other, _mask.Next(ref random));
            _train.WriteNeutral(rows, _spec.BatchSize + i);
        }
    }

    private void WriteLearned(Activations rows, long batch)
    {
        var wrong = WrongLabels(batch);
        _probabilities.Remove(batch);
        for (var i = 0; i < _spec.BatchSize; i++)
        {
            var image = Image(batch, i);
            _train.Load(image, batch, i);
            _train.WriteLabelled(rows, i, _train.Label(image));
            _train.WriteLabelled(rows, _spec.BatchSize + i, wrong[i]);
        }
    }

    private byte[] WrongLabels(long batch)
    {
        var random = new KeyedRandom(_spec.Seed, Draw.NegativeLabels, 0, batch);
        if (!_probabilities.TryGetValue(batch, out var probabilities) && _hasHardNegatives)
        {
            throw new InvalidOperationException($"The hard negatives of batch {batch} need the readout's probabilities for it, which are not here (any more).");
        }

        var wrong = new byte[_spec.BatchSize];
        for (var i = 0; i < wrong.Length; i++)
        {
            int label = _train.Label(Image(batch, i)), classes = _train.Classes;
            wrong[i] = probabilities is null
                ? NegativeLabels.Random(label, classes, ref random)
                : NegativeLabels.Hard(label, probabilities.AsSpan(i * classes, classes), ref random);
        }

        return wrong;
    }

    private Slot Evaluate(Slot slot, PlannedSlot planned)
    {
        var classes = _test.Classes;
        var layout = planned.Layout;
        var rows = Activations.Rent(layout.Total, _test.Width, _spec.Precision);
        var labels = new byte[planned.FastImages + planned.GoodnessImages];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = _test.Label(planned.FirstImage + i);
        }

        for (var i = 0; i < planned.FastImages; i++)
        {
            _test.Load(planned.FirstImage + i);
            _test.WriteNeutral(rows, i);
        }

        for (var row = 0; row < layout.Candidates; row++)
        {
            _test.Load(planned.FirstImage + (row / classes));
            _test.WriteLabelled(rows, layout.FirstCandidate + row, row % classes);
        }

        return slot with { Layout = layout, Labels = labels, Rows = rows };
    }

    private int Image(long batch, int row)
    {
        var epoch = (int)(batch / Plan.BatchesPerEpoch);
        if (!_orders.TryGetValue(epoch, out var order))
        {
            order = new KeyedRandom(_spec.Seed, Draw.Order, 0, epoch).NextOrder(_trainImages);
            _orders.Remove(epoch - 1 - Plan.Lag); // the lag never reaches further back, whatever an epoch's length
            _orders[epoch] = order;
        }

        return order[((int)(batch % Plan.BatchesPerEpoch) * _spec.BatchSize) + row];
    }
}
