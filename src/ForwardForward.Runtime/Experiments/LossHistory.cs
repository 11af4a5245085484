namespace ForwardForward.Runtime.Experiments;

/// <summary>How often a run was lost without a step forward, which decides when it tries again and when it gives up.</summary>
/// <param name="Checkpoint">Slot of the newest checkpoint at the last loss; -1 where there was none.</param>
/// <param name="InVain">Losses with no checkpoint since the one before.</param>
/// <param name="Failures">Stages that failed since the last step forward, rather than going with their silo.</param>
internal readonly record struct LossHistory(long Checkpoint, int InVain, int Failures)
{
    /// <summary>Most losses in vain that are recovered from: minutes, in which a silo can be started again.</summary>
    public const int MaxInVain = 300;

    /// <summary>Most failures at the same place that are recovered from.</summary>
    public const int MaxFailures = 3;

    private const int InVainBeforeNews = 3; // a recovery that needs a second try is no news
    private const int MaxDoublings = 8;
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(1);

    /// <summary>Of a run that nothing was lost of.</summary>
    public static LossHistory None { get; } = new(Checkpoint: -1, InVain: 0, Failures: 0);

    /// <summary>Whether one more recovery would be in vain as well.</summary>
    public bool IsHopeless => InVain > MaxInVain || Failures > MaxFailures;

    /// <summary>Whether people want to hear what the run waits for.</summary>
    public bool IsNews => InVain >= InVainBeforeNews;

    /// <summary>Wait after a recovery that failed.</summary>
    public TimeSpan Delay => TimeSpan.FromTicks(Math.Min(MaxDelay.Ticks, MinDelay.Ticks << Math.Min(InVain, MaxDoublings)));

    /// <summary>With one more loss. A newer checkpoint than at the last one is a step forward.</summary>
    /// <param name="checkpoint">Slot of the newest checkpoint; null where there is none.</param>
    /// <param name="isFailure">Whether a stage has failed.</param>
    public LossHistory With(long? checkpoint, bool isFailure)
    {
        var isForward = checkpoint > Checkpoint;
        return new LossHistory(
            Checkpoint: checkpoint ?? -1,
            InVain: isForward ? 0 : InVain + 1,
            Failures: (isForward ? 0 : Failures) + (isFailure ? 1 : 0)
        );
    }
}
