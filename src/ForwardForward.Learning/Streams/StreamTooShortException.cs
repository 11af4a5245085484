namespace ForwardForward.Learning.Streams;

/// <summary>
/// A stream has ended before there was anything to learn from. Its journal says so every time, and nobody need try again.
/// </summary>
internal sealed class StreamTooShortException(long examples, int batchSize)
    : InvalidOperationException(
        $"The stream ended after {examples} examples, expected at least the {batchSize} of a mini-batch (batchSize)."
    );
