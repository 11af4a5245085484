namespace ForwardForward.Runtime.Tests.Placement;

/// <summary>Numbers that are the same on every machine and in every version of .NET (Knuth's constants for MMIX).</summary>
internal sealed class Draws(ulong seed)
{
    private ulong _state = seed;

    public int Below(int limit)
    {
        _state = (_state * 6364136223846793005) + 1442695040888963407;
        return (int)((_state >> 33) % (ulong)limit);
    }

    /// <summary>Numbers from 1 up to the largest.</summary>
    public int[] Many(int count, int largest) => [.. Enumerable.Range(0, count).Select(_ => 1 + Below(largest))];
}
