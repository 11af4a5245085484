using System.Security.Cryptography;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Streams;
using ForwardForward.Learning;
using ForwardForward.Runtime.Experiments;
using Orleans.Placement;
using Orleans.Storage;

namespace ForwardForward.Runtime.Streams;

/// <summary>
/// Keeps the journal of one run's stream. Posts come one at a time, each behind the one before; whoever reads is told only of what is kept.
/// A post waits while the run is far behind, so that nobody fills the storage faster than a network learns.
/// </summary>
[PreferLocalPlacement, CollectionAgeLimit(Days = 1)]
internal sealed class StreamGrain : Grain, IStreamGrain
{
    private const int MaxKnown = 200; // posts whose ids are known still
    private const int MaxWaiting = 10_000; // examples that nobody has read
    private const long MaxWaitingPixels = 1 << 26;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxRead = TimeSpan.FromMilliseconds(500);
    private readonly IStreamStore _store;
    private readonly TimeProvider _time;
    private StreamHead _head = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _read;

    public StreamGrain(
        [PersistentState("stream", RunRecord.Storage)] IPersistentState<StreamHead> head,
        IEnumerable<IStreamFile> files,
        TimeProvider time
    )
    {
        _time = time;
        _store = files.SingleOrDefault() is { } file
            ? new FileStreamStore(file)
            : new ChunkedStreamStore(this.GetPrimaryKeyString(), head, GrainFactory);
    }

    private string Run => this.GetPrimaryKeyString();

    private long? End => _head.HasEnded ? _head.Count : null;

    public override async Task OnActivateAsync(CancellationToken cancellationToken) => _head = await _store.Open();

    public async Task<StreamReceipt> Append(StreamPost post)
    {
        var sha256 = Digest(post);
        if (_head.Newest.FirstOrDefault(entry => entry.Id == post.Id) is { } known)
        {
            return known.Sha256 == sha256
                ? new StreamReceipt(known.First, known.Count, _head.Count, _head.HasEnded, IsNew: false)
                : throw new InvalidInputException(
                    $"The run '{Run}' was given other examples under the id '{post.Id}', expected a new id for new examples."
                );
        }

        if (_head.HasEnded)
        {
            throw new InvalidInputException(
                $"The stream of the run '{Run}' has ended after {_head.Count} examples, expected one that goes on."
            );
        }

        await Room(post);
        var first = _head.Count;
        var next = new StreamHead
        {
            Term = _head.Term,
            Count = first + post.Labels.Length,
            HasEnded = post.Ends,
            Pixels = post.Labels.Length > 0 ? post.Pixels.Length / post.Labels.Length : _head.Pixels,
            Newest = [.. _head.Newest.TakeLast(MaxKnown - 1), new StreamEntry(post.Id, first, post.Labels.Length, sha256)],
        };
        await Keep(next, first, post);
        _head = next;
        Signal();
        return new StreamReceipt(first, post.Labels.Length, next.Count, next.HasEnded, IsNew: true);
    }

    public async Task<StreamSlice> Read(long first, int most)
    {
        if (first >= _head.Count && !_head.HasEnded)
        {
            await _changed
                .Task.WaitAsync(MaxRead, _time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        var slice = await Show(first, most);
        if (first + slice.Labels.Length > _read)
        {
            _read = first + slice.Labels.Length;
            Signal(); // whoever waits for room
        }

        return slice;
    }

    public async Task<StreamSlice> Show(long first, int most)
    {
        var (head, end) = (_head, End);
        return first < head.Count && most > 0 ? await _store.Read(head, first, most) with { End = end } : StreamSlice.Nothing(end);
    }

    private async Task Room(StreamPost post)
    {
        var started = _time.GetTimestamp();
        while (_head.Count - _read is var waiting && waiting > 0 && (waiting >= MaxWaiting || waiting * _head.Pixels >= MaxWaitingPixels))
        {
            if (_time.GetElapsedTime(started) > Patience)
            {
                throw new BusyException(
                    $"The run '{Run}' has {waiting} examples to learn from still: send those of the id '{post.Id}' again later."
                );
            }

            await _changed
                .Task.WaitAsync(MaxRead, _time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    // Whether a write that fails was done nobody knows; the next activation reads what is kept.
    private async Task Keep(StreamHead next, long first, StreamPost post)
    {
        try
        {
            await _store.Append(next, first, post.Labels, post.Pixels);
        }
        catch (InconsistentStateException)
        {
            DeactivateOnIdle();
            throw new BusyException($"The stream of the run '{Run}' is taken up on another silo: send it again.");
        }
        catch (Exception e)
        {
            DeactivateOnIdle();
            throw new BusyException($"The stream of the run '{Run}' cannot be kept now, send it again: {e.Message}");
        }
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static string Digest(StreamPost post)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(post.Labels);
        hash.AppendData(post.Pixels);
        hash.AppendData([post.Ends ? (byte)1 : (byte)0]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
