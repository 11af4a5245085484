namespace ForwardForward.Learning.Layers;

/// <summary>
/// Shares independent pieces of one step among threads. The pieces have fixed bounds and no piece reads what another
/// writes, so the number of threads changes the time a step takes and never a bit of its result.
/// </summary>
public sealed class Threads(int count)
{
    private readonly ParallelOptions _options = new() { MaxDegreeOfParallelism = count };

    /// <summary>One thread: the caller's.</summary>
    public static Threads One { get; } = new(1);

    public int Count { get; } = count;

    public void For(int pieces, Action<int> piece)
    {
        if (Count == 1)
        {
            for (var i = 0; i < pieces; i++)
            {
                piece(i);
            }
        }
        else
        {
            Parallel.For(0, pieces, _options, piece);
        }
    }
}
