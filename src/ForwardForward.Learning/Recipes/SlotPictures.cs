using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Lessons;
using ForwardForward.Learning.Negatives;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Streams;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// What the slots of a run are made of: its pictures in the order of each epoch, and what the readout has said of the batches that wait to
/// be learned from.
/// </summary>
public sealed class SlotPictures
{
    private readonly ExperimentSpec _spec;
    private readonly SlotPlan _plan;
    private readonly int _trainImages;
    private readonly IWrongLabels? _wrong;
    private readonly Dictionary<long, float[]> _probabilities = [];
    private readonly Dictionary<int, int[]> _orders = [];
    private readonly LessonSchedule _lessons;

    internal SlotPictures(
        ExperimentSpec spec,
        SlotPlan plan,
        DataSet data,
        bool haveLabels,
        LessonSchedule? lessons = null,
        ExampleWindow? stream = null
    )
    {
        _lessons = lessons ?? new LessonSchedule(spec.BatchSize, spec.Teach);
        (_spec, _plan, _trainImages) = (spec, plan, data.Train.Count);
        Negatives = Seams.Negatives.Get(spec.Negatives.Kind)(spec.Negatives);
        _wrong = Negatives as IWrongLabels;
        Train = new PictureRows(data.Train, data.Classes, spec, haveLabels, _lessons, stream);
        Test = new PictureRows(data.Test, data.Classes, spec, haveLabels);
    }

    /// <summary>Training pictures.</summary>
    public PictureRows Train { get; }

    /// <summary>Test pictures.</summary>
    public PictureRows Test { get; }

    /// <summary>As the spec names them.</summary>
    public INegatives Negatives { get; }

    /// <summary>Images of a batch.</summary>
    public int BatchSize => _spec.BatchSize;

    /// <summary>Of rows.</summary>
    public Precision Precision => RowPrecision.Of(_spec);

    /// <summary>Of every draw.</summary>
    public int Seed => _spec.DrawSeed;

    /// <summary>
    /// Which training image has a place in a batch, or, numbered on from them, which picture that was taught; of a stream which example.
    /// </summary>
    /// <param name="batch">Numbered through all epochs.</param>
    /// <param name="place">From 0.</param>
    public int Image(long batch, int place)
    {
        if (_spec.Stream)
        {
            return checked((int)((batch * _spec.BatchSize) + place)); // each once, also those that no epoch has room for
        }

        if (_lessons.At(batch, place) is { } taught)
        {
            return _trainImages + taught;
        }

        var epoch = (int)(batch / _plan.BatchesPerEpoch);
        if (!_orders.TryGetValue(epoch, out var order))
        {
            order = new KeyedRandom(Seed, RandomPurpose.Order, 0, epoch).NextOrder(_trainImages);
            _orders.Remove(epoch - 1 - _plan.Lag); // the lag never reaches further back, whatever an epoch's length
            _orders[epoch] = order;
        }

        return order[((int)(batch % _plan.BatchesPerEpoch) * _spec.BatchSize) + place];
    }

    /// <summary>Draws a wrong label for every picture of a batch.</summary>
    /// <exception cref="InvalidOperationException">The negatives are no labels, or need probabilities that are not here.</exception>
    public byte[] WrongLabels(long batch)
    {
        var draws = _wrong ?? throw new InvalidOperationException($"Negatives of the kind '{_spec.Negatives.Kind}' are no labels.");
        var random = new KeyedRandom(Seed, RandomPurpose.NegativeLabels, 0, batch);
        if (!_probabilities.TryGetValue(batch, out var probabilities) && draws.NeedsProbabilities)
        {
            throw new InvalidOperationException(
                $"The negatives of batch {batch} need the readout's probabilities for it, which are not here (any more)."
            );
        }

        var (wrong, classes) = (new byte[_spec.BatchSize], Train.Classes);
        for (var i = 0; i < wrong.Length; i++)
        {
            var said = probabilities is null ? default : probabilities.AsSpan(i * classes, classes);
            wrong[i] = draws.Draw(Train.Label(Image(batch, i)), classes, said, ref random);
        }

        return wrong;
    }

    /// <summary>Forgets what the readout has said of a batch: nothing more is made of it.</summary>
    public void Forget(long batch) => _probabilities.Remove(batch);

    internal void Offer(long batch, float[] probabilities) => _probabilities[batch] = probabilities;

    internal bool HasProbabilities(long batch) => _probabilities.ContainsKey(batch);
}
