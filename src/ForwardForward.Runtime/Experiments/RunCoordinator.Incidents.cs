using ForwardForward.Contracts.Experiments;
using ForwardForward.Runtime.Placement;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Experiments;

/// <content>What befalls the run, kept in a sentence each for whoever watches now or asks later. Silos go by their names.</content>
internal sealed partial class RunCoordinator
{
    private const int TriesBeforeAWord = 3; // a recovery that needs a second try is no news
    private IReadOnlyList<ActiveSilo>? _silos; // as last looked at

    private void Note(IncidentKind kind, string what, IReadOnlyList<string> silos, bool isOver = false)
    {
        var status = Current();
        if (status.Incidents.Open() is { } open && !isOver)
        {
            status = status with { Incidents = status.Incidents.Revised(open with { Until = status.Seconds }) };
        }

        var incident = new Incident
        {
            Number = 0,
            Kind = kind,
            Slot = status.Slot - 1,
            Seconds = status.Seconds,
            At = time.GetUtcNow(),
            What = what,
            Until = isOver ? status.Seconds : null,
            Silos = silos,
        };
        journal.Change(status with { Incidents = status.Incidents.With(incident) });
        store.Mark();
    }

    private void Revise(Incident incident)
    {
        var status = Current();
        if (!status.Incidents.Contains(incident))
        {
            journal.Change(status with { Incidents = status.Incidents.Revised(incident) });
            store.Mark();
        }
    }

    /// <summary>What the run does about what befell it last.</summary>
    private void NoteThen(string then)
    {
        if (Current().Incidents.Open() is { } open)
        {
            Revise(open with { Then = then });
        }
    }

    private void NoteLoss(string what, bool isFailure, string? silo)
    {
        var status = Current();
        var gone = stages.Gone(status.Plan).Union(silo is { Length: > 0 } ? [silo] : []).ToList();
        if (status.State == RunState.Recovering && status.Incidents.Open() is { } open && IsPartOf(open, gone))
        {
            NoteGone(open, gone);
            return;
        }

        var sentence = gone.Count > 0 ? $"{Names(gone)} lost {AfterSlot()}" : $"{what.TrimEnd('.')} ({AfterSlot()})";
        Note(isFailure ? IncidentKind.Failure : IncidentKind.Loss, sentence, gone);
    }

    private static bool IsPartOf(Incident open, List<string> gone) =>
        open.Kind is IncidentKind.Loss or IncidentKind.Failure || !gone.Except(open.Silos).Any();

    // A neighbour that does not answer is heard of first, and that its silo is gone, or that another is, a little later.
    private void NoteGone(Incident loss, IEnumerable<string> gone)
    {
        var silos = loss.Silos.Union(gone).ToList();
        if (loss.Kind == IncidentKind.Loss && silos.Count > loss.Silos.Count)
        {
            Revise(loss with { Silos = silos, What = $"{Names(silos)} lost {AfterSlot(loss.Slot + 1)}" });
        }
    }

    private void NoteWait(Exception why)
    {
        if (_triesInVain >= TriesBeforeAWord)
        {
            var reason = why is OrleansException or TimeoutException ? "a silo does not answer" : why.Message.TrimEnd('.');
            NoteThen($"waiting: {reason}");
        }
    }

    private void NoteLeave(SiloAddress silo)
    {
        var name = (_silos ?? []).FirstOrDefault(one => one.Address.Equals(silo))?.Name ?? silo.Endpoint.ToString();
        Note(IncidentKind.Move, $"{name} shut down {AfterSlot()}", [name]);
    }

    /// <param name="before">Where the layers were.</param>
    /// <param name="checkpoint">The slot it has; null where the run begins anew.</param>
    private void NoteGoingOn(IReadOnlyList<LayerPlace> before, long? checkpoint)
    {
        _silos = stages.Silos();
        if (Current().Incidents.Open() is { } open)
        {
            NoteGone(Past(open, checkpoint ?? -1), stages.Gone(before));
            var silos = Current().Plan.Select(place => place.Silo).Distinct().Count();
            Revise(
                Current().Incidents.Open()! with
                {
                    Then =
                        $"going on from {(checkpoint is { } slot ? $"slot {slot}" : "the beginning")} on "
                        + $"{(silos == 1 ? "1 silo" : $"{silos} silos")}",
                    Until = Current().Seconds,
                }
            );
        }
    }

    // A coordinator that comes after a lost one knows the run's slots from a record, which is older than the newest checkpoint may be.
    private Incident Past(Incident incident, long slot)
    {
        if (slot > incident.Slot)
        {
            var what = incident.What.Replace(AfterSlot(incident.Slot + 1), AfterSlot(slot + 1), StringComparison.Ordinal);
            Revise(incident = incident with { Slot = slot, What = what });
        }

        return incident;
    }

    private void NoteSilos()
    {
        if (_silos is not { } before || !journal.Works)
        {
            return;
        }

        _silos = stages.Silos();
        foreach (var come in _silos.ExceptBy(before.Select(silo => silo.Address), silo => silo.Address))
        {
            var last = Current().Incidents.LastOrDefault(incident => incident.Silos.Contains(come.Name));
            var isBack = last is { Kind: not IncidentKind.Arrival } || before.Any(silo => silo.Name == come.Name);
            Note(IncidentKind.Arrival, $"{come.Name} {(isBack ? "is back" : "has joined")}", [come.Name], isOver: true);
        }

        var left = before.ExceptBy(_silos.Select(silo => silo.Address), silo => silo.Address);
        foreach (var gone in left.Where(silo => !stages.AreOn(silo.Address) && !_leaving.Contains(silo.Address)))
        {
            Note(IncidentKind.Departure, $"{gone.Name} is gone; the run had nothing on it", [gone.Name], isOver: true);
        }
    }

    private string AfterSlot() => AfterSlot(Current().Slot);

    private static string AfterSlot(long through) => through > 0 ? $"after slot {through - 1}" : "before a slot was known to be through";

    private static string Names(List<string> silos) =>
        silos.Count == 1 ? silos[0] : $"{string.Join(", ", silos.SkipLast(1))} and {silos[^1]}";
}
