namespace ForwardForward.Runtime.Pipeline;

/// <summary>
/// Tells the coordinator now and then that a stage works. All other reports come by the number of slots, and a slot of a large network on a
/// slow machine may take seconds: a run that is only slow would be taken for one that is lost.
/// </summary>
/// <param name="tell">Says so.</param>
internal sealed class Heartbeat(TimeProvider time, Action tell)
{
    /// <summary>A few of them fit the silence after which a run counts as lost.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private long _told = time.GetTimestamp();

    /// <summary>Called after every slot, by the stage's own thread.</summary>
    public void Beat()
    {
        if (time.GetElapsedTime(_told) >= Every)
        {
            _told = time.GetTimestamp();
            tell();
        }
    }
}
