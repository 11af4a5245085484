namespace ForwardForward.Console.Sweeps;

/// <summary>Shows a sweep while it goes on.</summary>
internal interface ISweepView
{
    /// <param name="sweep">Runs it.</param>
    Task During(Func<Task> sweep);

    /// <summary>The next trials are known, and so many of them are not over.</summary>
    void Expects(int left);

    /// <summary>A trial runs no longer. One call at a time.</summary>
    void Ended(TrialResult result);

    /// <summary>A running trial has got on.</summary>
    void Changed();
}
