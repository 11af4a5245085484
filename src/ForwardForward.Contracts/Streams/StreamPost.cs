namespace ForwardForward.Contracts.Streams;

/// <summary>Examples that somebody gives a run, in their order.</summary>
/// <param name="Id">Names them, so that the same sent again, after an answer that was lost, enters once.</param>
/// <param name="Labels">What each shows.</param>
/// <param name="Pixels">Their pictures one after the other, 0 (black) to 255.</param>
/// <param name="Ends">Whether none follow.</param>
[GenerateSerializer, Immutable, Alias("ff.stream-post")]
public sealed record StreamPost(
    [property: Id(0)] string Id,
    [property: Id(1)] byte[] Labels,
    [property: Id(2)] byte[] Pixels,
    [property: Id(3)] bool Ends = false
)
{
    /// <summary>Longest <see cref="Id"/>.</summary>
    public const int MaxId = 80;

    /// <summary>Most examples of one.</summary>
    public const int MaxExamples = 1000;

    /// <summary>Most pixels of one that has more than one example.</summary>
    public const int MaxPixels = 1 << 20;

    /// <summary>Examples of one where pictures have so many pixels.</summary>
    public static int Most(int pixels) => Math.Clamp(MaxPixels / Math.Max(1, pixels), 1, MaxExamples);

    /// <returns>Why a run with such pictures and classes cannot learn from it, as the end of a sentence; null: it can.</returns>
    public static string? Fault(StreamPost post, int pixels, int classes) =>
        post.Id.Length is 0 or > MaxId || post.Id.Any(char.IsControl)
            ? $"its id is empty, too long or unprintable, expected at most {MaxId} characters"
        : post.Labels.Length > Most(pixels) ? $"it has {post.Labels.Length} examples, expected at most {Most(pixels)}"
        : post.Pixels.Length != (long)post.Labels.Length * pixels
            ? $"it has {post.Pixels.Length} pixels, expected {pixels} for each of {post.Labels.Length} examples"
        : Array.Find(post.Labels, label => label >= classes) is var label && label >= classes
            ? $"it has the label {label}, expected 0 to {classes - 1}"
        : null;
}

/// <summary>What was taken.</summary>
/// <param name="First">Number of its first example, from 0.</param>
/// <param name="Count">Of its examples.</param>
/// <param name="Total">Examples of the stream so far.</param>
/// <param name="HasEnded">Whether no more are taken.</param>
/// <param name="IsNew">False where the same had been sent before.</param>
[GenerateSerializer, Immutable, Alias("ff.stream-receipt")]
public sealed record StreamReceipt(
    [property: Id(0)] long First,
    [property: Id(1)] int Count,
    [property: Id(2)] long Total,
    [property: Id(3)] bool HasEnded,
    [property: Id(4)] bool IsNew
);

/// <summary>What a network answered wrongly of the newest examples of a stream, each before it learned from it.</summary>
/// <param name="Slot">That brought the newest of them.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Examples">Of the stream so far.</param>
/// <param name="Error">Share of the newest thousand.</param>
[GenerateSerializer, Immutable, Alias("ff.prequential")]
public sealed record Prequential(
    [property: Id(0)] long Slot,
    [property: Id(1)] int Epoch,
    [property: Id(2)] long Examples,
    [property: Id(3)] double Error
);
