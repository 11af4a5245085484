using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Lessons;

/// <summary>
/// Which picture that was taught takes which place of which mini-batch, in place of a training image: a pure function of the pictures in
/// the order in which they were taken, so that whoever has their journal makes the same slots. One that is taken changes nothing before its
/// own first batch, and one that is taken back leaves its places to the training images.
/// </summary>
/// <param name="batchSize">Places of a mini-batch, of which the last are taken.</param>
internal sealed class LessonSchedule(int batchSize, TeachSpec teach)
{
    private readonly Lock _lock = new(); // a grain's turns add, the source's thread reads
    private readonly List<TaughtPicture> _pictures = [];
    private readonly Dictionary<long, List<int>> _batches = [];
    private readonly int _places = Math.Max(1, (int)(batchSize * teach.Share));

    /// <summary>A picture by its number, in the order in which they were taken.</summary>
    public TaughtPicture this[int number]
    {
        get
        {
            lock (_lock)
            {
                return _pictures[number];
            }
        }
    }

    /// <summary>Gives a picture its places: the first free ones from its batch on, <c>teach.repeat</c> of them.</summary>
    public void Add(TaughtPicture picture)
    {
        lock (_lock)
        {
            var (batch, left) = (picture.Batch, teach.Repeat);
            while (left > 0)
            {
                var taken = _batches.TryGetValue(batch, out var there) ? there : _batches[batch] = [];
                var isFree = taken.Count < _places;
                if (isFree)
                {
                    taken.Add(_pictures.Count);
                    left--;
                }

                batch += isFree ? teach.Every : 1;
            }

            _pictures.Add(picture);
        }
    }

    /// <summary>Shows a picture no more from a batch on.</summary>
    public void TakeBack(int number, long batch)
    {
        lock (_lock)
        {
            _pictures[number] = _pictures[number] with { TakenBack = batch };
        }
    }

    /// <returns>Number of the picture that has a place of a batch; null: a training image has.</returns>
    public int? At(long batch, int place)
    {
        lock (_lock)
        {
            return
                _batches.TryGetValue(batch, out var taken)
                && batchSize - 1 - place is var last
                && last < taken.Count
                && !(_pictures[taken[last]].TakenBack <= batch)
                ? taken[last]
                : null;
        }
    }
}
