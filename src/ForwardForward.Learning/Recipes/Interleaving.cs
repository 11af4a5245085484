namespace ForwardForward.Learning.Recipes;

/// <summary>One slot of a step: its iteration, from 0, and the steps that take turns with it.</summary>
/// <param name="Step">Number of the step in its segment.</param>
/// <param name="First">The first step of those that take turns.</param>
/// <param name="Members">How many take turns.</param>
internal readonly record struct Turn(long Step, int Iteration, long First, int Members)
{
    /// <summary>The step's place among those that take turns.</summary>
    public int Place => (int)(Step - First);
}

/// <summary>
/// How the steps of a segment become slots. A step of a feed-forward network is one slot. One of a network with signals from above is a
/// rise and several iterations, each of which needs what the neighbours made of the one before; so several steps take turns, all of them an
/// iteration before any the next, and no layer waits for its neighbours' messages.
/// </summary>
/// <param name="Members">Steps that take turns.</param>
/// <param name="Iterations">After the rise.</param>
internal readonly record struct Interleaving(int Members, int Iterations)
{
    public int SlotsPerStep => 1 + Iterations;

    /// <param name="offset">Of the slot in its segment.</param>
    /// <param name="steps">Of the segment; those that do not fill a last group take turns among themselves.</param>
    public Turn At(long offset, long steps)
    {
        var group = offset / (Members * SlotsPerStep);
        var first = group * Members;
        var members = (int)Math.Min(Members, steps - first);
        var within = (int)(offset - (first * SlotsPerStep));
        return new Turn(first + (within % members), within / members, first, members);
    }
}
