namespace ForwardForward.Learning.Lessons;

/// <summary>A picture that somebody teaches a run while it trains.</summary>
/// <param name="Pixels">As many as the run's pictures have, 0 (black) to 255.</param>
/// <param name="Label">What it shows.</param>
/// <param name="Batch">The first mini-batch that may show it.</param>
internal sealed record TaughtPicture(byte[] Pixels, byte Label, long Batch)
{
    /// <summary>The first mini-batch that shows it no more; null: nobody has taken it back.</summary>
    public long? TakenBack { get; init; }
}
