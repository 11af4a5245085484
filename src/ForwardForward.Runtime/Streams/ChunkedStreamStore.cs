using ForwardForward.Contracts.Streams;
using ForwardForward.Runtime.Experiments;

namespace ForwardForward.Runtime.Streams;

/// <summary>
/// A journal in the storage that keeps runs: chunks of a fixed number of examples, written first, and then the head, which says how many
/// of them count. So a write that was cut short left nothing behind, and what is written by an activation that was replaced counts for
/// nothing: the storage refuses its head, and chunks that its successor has written refuse it too.
/// </summary>
internal sealed class ChunkedStreamStore(string run, IPersistentState<StreamHead> head, IGrainFactory grains) : IStreamStore
{
    private const int ChunkBytes = 1 << 17; // rewritten with every post that adds to it
    private const int MaxExamples = 1000;

    public async Task<StreamHead> Open()
    {
        var before = head.State;
        await head.Keep(
            new StreamHead
            {
                Term = before.Term + 1,
                Count = before.Count,
                HasEnded = before.HasEnded,
                Pixels = before.Pixels,
                Newest = before.Newest,
            }
        );
        return head.State;
    }

    public async Task Append(StreamHead next, long first, byte[] labels, byte[] pixels)
    {
        var size = Size(next.Pixels);
        var writes = new List<Task>();
        for (var at = 0; at < labels.Length; )
        {
            var place = (int)((first + at) % size);
            var count = Math.Min(size - place, labels.Length - at);
            writes.Add(
                Chunk((first + at) / size)
                    .Write(next.Term, place, labels[at..(at + count)], pixels[(at * next.Pixels)..((at + count) * next.Pixels)])
            );
            at += count;
        }

        await Task.WhenAll(writes);
        await head.Keep(next);
    }

    public async Task<StreamSlice> Read(StreamHead head, long first, int most)
    {
        var size = Size(head.Pixels);
        var place = (int)(first % size);
        var count = (int)Math.Min(head.Count - first, Math.Min(most, size - place));
        var slice = await Chunk(first / size).Read(place, count);
        return slice.Labels.Length == count
            ? slice
            : throw new InvalidOperationException(
                $"The storage of the run '{run}' has lost examples of its stream: {slice.Labels.Length} are there from number {first} on, "
                    + $"expected {count}."
            );
    }

    private static int Size(int pixels) => Math.Clamp(ChunkBytes / Math.Max(1, pixels), 1, MaxExamples);

    private IStreamChunkGrain Chunk(long number) => grains.GetGrain<IStreamChunkGrain>(number, run);
}
