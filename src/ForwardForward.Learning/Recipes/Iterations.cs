namespace ForwardForward.Learning.Recipes;

/// <summary>How often a batch goes through the network after it has risen once, from below alone.</summary>
/// <param name="Count">0: a feed-forward network.</param>
/// <param name="Interleaved">Batches that take turns.</param>
/// <param name="LearnFirst">First iteration, from 1, that is learned from.</param>
/// <param name="TestFirst">First iteration, from 1, whose goodness the goodness test counts.</param>
/// <param name="TestLast">Last one; the test makes no more.</param>
internal readonly record struct Iterations(int Count, int Interleaved, int LearnFirst, int TestFirst, int TestLast)
{
    /// <summary>Of a feed-forward network.</summary>
    public static Iterations None { get; } = new(0, 1, 0, 0, 0);

    /// <summary>Updates that a layer makes of one batch.</summary>
    public int UpdatesPerBatch => Count - LearnFirst + 1;
}
