using Orleans.Concurrency;

namespace ForwardForward.Contracts.Streams;

/// <summary>The journal of one run's stream; key: the run. It only grows, and what it tells of is kept for good.</summary>
[Alias("ff.stream")]
internal interface IStreamGrain : IGrainWithStringKey
{
    /// <summary>Takes examples behind those that are there; answers when they are kept.</summary>
    /// <exception cref="Learning.InvalidInputException">The stream has ended, or the id was of other examples.</exception>
    /// <exception cref="Experiments.BusyException">The run is too far behind, or they cannot be kept now: to be sent again.</exception>
    [ResponseTimeout("00:00:30")]
    Task<StreamReceipt> Append(StreamPost post);

    /// <summary>Reads on from an example; answers after a moment where nothing is there yet.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:15")]
    Task<StreamSlice> Read(long first, int most);

    /// <summary>Reads what is there for somebody who does not learn from it.</summary>
    [AlwaysInterleave]
    Task<StreamSlice> Show(long first, int most);
}

/// <summary>What a journal has from a place on.</summary>
/// <param name="End">Examples of the whole stream once it has ended; null: more may come.</param>
[GenerateSerializer, Immutable, Alias("ff.stream-slice")]
public sealed record StreamSlice([property: Id(0)] byte[] Labels, [property: Id(1)] byte[] Pixels, [property: Id(2)] long? End)
{
    internal static StreamSlice Nothing(long? end) => new([], [], end);
}

/// <summary>A part of a stream's journal; key: its number from 0, and the run.</summary>
[Alias("ff.stream-chunk")]
internal interface IStreamChunkGrain : IGrainWithIntegerCompoundKey
{
    /// <summary>Puts examples at a place, over what may be there.</summary>
    /// <param name="term">Of the journal's activation: one that was replaced, and does not know it, may write no more.</param>
    Task Write(long term, int place, byte[] labels, byte[] pixels);

    Task<StreamSlice> Read(int place, int most);
}
