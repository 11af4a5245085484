using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Streams;
using ForwardForward.Runtime.Experiments;

namespace ForwardForward.Runtime.Streams;

[GenerateSerializer, Alias("ff.stream-chunk-state")]
public sealed class StreamChunk
{
    /// <summary>Of the journal's activation that wrote last.</summary>
    [Id(0)]
    public long Term { get; set; }

    [Id(1)]
    public byte[] Labels { get; set; } = [];

    /// <summary>One picture after the other.</summary>
    [Id(2)]
    public byte[] Pixels { get; set; } = [];
}

/// <summary>Forgotten two minutes after it was last used: a source reads each once.</summary>
[CollectionAgeLimit(Minutes = 2)]
internal sealed class StreamChunkGrain([PersistentState("chunk", RunRecord.Storage)] IPersistentState<StreamChunk> state)
    : Grain,
        IStreamChunkGrain
{
    public Task Write(long term, int place, byte[] labels, byte[] pixels)
    {
        var before = state.State;
        if (term < before.Term || place > before.Labels.Length)
        {
            throw new BusyException("The stream's journal has moved to another silo: send it again.");
        }

        var size = labels.Length == 0 ? 0 : pixels.Length / labels.Length;
        return state.Keep(
            new StreamChunk
            {
                Term = term,
                Labels = [.. before.Labels.AsSpan(0, place), .. labels],
                Pixels = [.. before.Pixels.AsSpan(0, place * size), .. pixels],
            }
        );
    }

    public Task<StreamSlice> Read(int place, int most)
    {
        var (labels, pixels) = (state.State.Labels, state.State.Pixels);
        var count = Math.Clamp(labels.Length - place, 0, most);
        var size = labels.Length == 0 ? 0 : pixels.Length / labels.Length;
        return Task.FromResult(
            count == 0
                ? StreamSlice.Nothing(null)
                : new StreamSlice(labels[place..(place + count)], pixels[(place * size)..((place + count) * size)], null)
        );
    }
}
