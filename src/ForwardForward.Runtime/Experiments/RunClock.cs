namespace ForwardForward.Runtime.Experiments;

/// <summary>Time that a run was at work, without its pauses.</summary>
internal sealed class RunClock(TimeProvider time)
{
    private TimeSpan _before;
    private long? _since;

    public double Seconds => (_before + (_since is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero)).TotalSeconds;

    /// <summary>Goes on from what an earlier coordinator counted.</summary>
    public void Set(double seconds) => _before = TimeSpan.FromSeconds(seconds);

    public void Start() => _since ??= time.GetTimestamp();

    public void Stop()
    {
        _before = TimeSpan.FromSeconds(Seconds);
        _since = null;
    }
}
