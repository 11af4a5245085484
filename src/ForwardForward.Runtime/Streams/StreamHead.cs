namespace ForwardForward.Runtime.Streams;

/// <summary>How far the journal of a stream is: what is written behind that counts for nothing.</summary>
[GenerateSerializer, Alias("ff.stream-head")]
public sealed class StreamHead
{
    /// <summary>Of the activation that wrote it, from 1.</summary>
    [Id(0)]
    public long Term { get; set; }

    /// <summary>Examples that are kept.</summary>
    [Id(1)]
    public long Count { get; set; }

    /// <summary>Whether no more are taken.</summary>
    [Id(2)]
    public bool HasEnded { get; set; }

    /// <summary>Of a picture; 0 before the first.</summary>
    [Id(3)]
    public int Pixels { get; set; }

    /// <summary>What came last, the newest at the end.</summary>
    [Id(4)]
    public IReadOnlyList<StreamEntry> Newest { get; set; } = [];
}

/// <summary>Examples that were sent together.</summary>
/// <param name="Sha256">Of labels and pixels, in hexadecimal.</param>
[GenerateSerializer, Immutable, Alias("ff.stream-entry")]
public sealed record StreamEntry(
    [property: Id(0)] string Id,
    [property: Id(1)] long First,
    [property: Id(2)] int Count,
    [property: Id(3)] string Sha256
);
