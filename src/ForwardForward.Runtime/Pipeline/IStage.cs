namespace ForwardForward.Runtime.Pipeline;

/// <summary>What a stage's worker does with its thread.</summary>
internal interface IStage : IDisposable
{
    Inbox Inbox { get; }

    /// <summary>Makes the state, which may take a second; runs on the worker's thread before <see cref="Run"/>.</summary>
    void Prepare();

    /// <summary>Handles slots until the last one, or until cancelled.</summary>
    void Run(CancellationToken cancellation);
}
