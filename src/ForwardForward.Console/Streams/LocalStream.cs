using ForwardForward.Contracts.Streams;
using ForwardForward.Learning.Streams;
using ForwardForward.Runtime.Streams;

namespace ForwardForward.Console.Streams;

/// <summary>The journal of a stream between who gives examples and the sequential trainer, which reads behind.</summary>
internal sealed class LocalStream(IStreamFile file) : IExamples
{
    private const int MaxWaiting = 10_000; // examples that nobody has read
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(500);
    private readonly object _lock = new();
    private (long Count, bool HasEnded) _now = file.Open();
    private long _read;

    public StreamReceipt Append(StreamPost post)
    {
        lock (_lock)
        {
            while (_now.Count - _read >= MaxWaiting)
            {
                Monitor.Wait(_lock);
            }
        }

        file.Append(post.Labels, post.Pixels, post.Ends);
        lock (_lock)
        {
            var first = _now.Count;
            _now = (first + post.Labels.Length, post.Ends);
            Monitor.PulseAll(_lock);
            return new StreamReceipt(first, post.Labels.Length, _now.Count, _now.HasEnded, IsNew: true);
        }
    }

    public StreamPiece Read(long first, int most)
    {
        var now = Await(first);
        var (labels, pixels) = first < now.Count ? file.Read(first, (int)Math.Min(most, now.Count - first)) : ([], []);
        lock (_lock)
        {
            _read = Math.Max(_read, first + labels.Length);
            Monitor.PulseAll(_lock);
        }

        return GrainExamples.Of(new StreamSlice(labels, pixels, now.HasEnded ? now.Count : null));
    }

    private (long Count, bool HasEnded) Await(long first)
    {
        lock (_lock)
        {
            if (first >= _now.Count && !_now.HasEnded)
            {
                Monitor.Wait(_lock, MaxWait);
            }

            return _now;
        }
    }
}
