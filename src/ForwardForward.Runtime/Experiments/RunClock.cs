namespace ForwardForward.Runtime.Experiments;

/// <summary>Time that a run was at work, without its pauses.</summary>
internal sealed class RunClock(TimeProvider time)
{
    private TimeSpan _before;
    private long? _since;

    public double Seconds => (_before + (_since is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero)).TotalSeconds;

    public void Start() => _since ??= time.GetTimestamp();

    public void Stop()
    {
        _before = TimeSpan.FromSeconds(Seconds);
        _since = null;
    }
}
