namespace ForwardForward.Learning.Streams;

/// <summary>
/// The examples of those mini-batches of a stream that are on their way: example n of batch b is number b * batchSize + n.
/// </summary>
internal sealed class ExampleWindow(IExamples examples, int batchSize)
{
    private readonly Dictionary<long, List<Example>> _batches = [];

    /// <summary>Examples of the whole stream, once it is known to have ended.</summary>
    public long? End { get; private set; }

    public Example this[long number] => _batches[number / batchSize][(int)(number % batchSize)];

    /// <summary>Asks for what is missing of a batch: who wants it waits by asking again.</summary>
    /// <returns>Whether all of it is here.</returns>
    public bool Load(long batch)
    {
        var here = _batches.TryGetValue(batch, out var some) ? some : _batches[batch] = [];
        var hasMore = true;
        while (hasMore && here.Count < batchSize && !(End < (batch + 1) * batchSize))
        {
            var piece = examples.Read((batch * batchSize) + here.Count, batchSize - here.Count);
            here.AddRange(piece.Examples);
            (End, hasMore) = (piece.End ?? End, piece.Examples.Count > 0);
        }

        return here.Count == batchSize;
    }

    /// <summary>Forgets the batches before one.</summary>
    public void Forget(long before)
    {
        foreach (var batch in _batches.Keys.Where(batch => batch < before).ToList())
        {
            _batches.Remove(batch);
        }
    }
}
