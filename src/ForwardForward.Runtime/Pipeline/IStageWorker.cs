namespace ForwardForward.Runtime.Pipeline;

/// <summary>What works for a stage, until it is stopped.</summary>
internal interface IStageWorker
{
    Inbox Inbox { get; }

    /// <summary>Completes when the state is made, fails if it cannot be.</summary>
    Task Ready { get; }

    /// <summary>Ends the work and frees the state; one that hangs is left behind.</summary>
    Task Stop();
}
