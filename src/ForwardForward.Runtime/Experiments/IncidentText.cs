using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Runtime.Experiments;

/// <summary>What an incident says, and what it says once more of it is known.</summary>
internal static class IncidentText
{
    /// <param name="slot">The last that was known to be through; -1: none was.</param>
    public static string AfterSlot(long slot) => slot >= 0 ? $"after slot {slot}" : "before a slot was known to be through";

    /// <param name="silos">That are gone with a part of the run; where none is, <paramref name="otherwise"/> says what was lost.</param>
    public static string Loss(IReadOnlyList<string> silos, string otherwise, long slot) =>
        silos.Count > 0 ? $"{Names(silos)} lost {AfterSlot(slot)}" : $"{otherwise.TrimEnd('.')} ({AfterSlot(slot)})";

    /// <param name="checkpoint">Slot of the one that the run goes on from; null: it begins anew.</param>
    public static string GoingOn(long? checkpoint, int silos) =>
        $"going on from {(checkpoint is { } slot ? $"slot {slot}" : "the beginning")} on {(silos == 1 ? "1 silo" : $"{silos} silos")}";

    /// <summary>
    /// Whether silos that are found gone while the run recovers are of the loss that it recovers from, and no incident of their own.
    /// </summary>
    public static bool Covers(this Incident open, IEnumerable<string> gone) =>
        open.Kind is IncidentKind.Loss or IncidentKind.Failure || !gone.Except(open.Silos).Any();

    // A neighbour that does not answer is heard of first, and that its silo is gone, or that another is, a little later.
    public static Incident AndGone(this Incident incident, IEnumerable<string> gone)
    {
        var silos = incident.Silos.Union(gone).ToList();
        return incident.Kind == IncidentKind.Loss && silos.Count > incident.Silos.Count
            ? incident with
            {
                Silos = silos,
                What = Loss(silos, "", incident.Slot),
            }
            : incident;
    }

    // A coordinator that comes after a lost one knows the run's slots from a record, which may be older than the newest checkpoint.
    public static Incident NotBefore(this Incident incident, long? checkpoint) =>
        checkpoint > incident.Slot
            ? incident with
            {
                Slot = checkpoint.Value,
                What = incident.What.Replace(AfterSlot(incident.Slot), AfterSlot(checkpoint.Value), StringComparison.Ordinal),
            }
            : incident;

    private static string Names(IReadOnlyList<string> silos) =>
        silos.Count == 1 ? silos[0] : $"{string.Join(", ", silos.SkipLast(1))} and {silos[^1]}";
}
