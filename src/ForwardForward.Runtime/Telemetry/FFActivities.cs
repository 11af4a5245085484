using System.Diagnostics;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Runtime.Telemetry;

/// <summary>
/// Spans of what happens to a run now and then, beside those that Orleans makes of grain calls: a start, a recovery, a checkpoint. Slots
/// have none.
/// </summary>
public static class FFActivities
{
    public const string Name = "ForwardForward";
    private static readonly ActivitySource Source = new(Name);

    /// <returns>The span, until it is disposed; null where nobody listens.</returns>
    internal static Activity? Begin(string what, string run, RunStatus status, long? slot = null)
    {
        var activity = Source.StartActivity(what);
        activity?.SetTag("ff.run", run).SetTag("ff.generation", status.Generation).SetTag("ff.slot", slot ?? status.Slot);
        return activity;
    }
}
