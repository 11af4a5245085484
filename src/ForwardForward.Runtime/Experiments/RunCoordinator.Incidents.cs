using ForwardForward.Contracts.Experiments;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Experiments;

/// <content>What befalls the run, kept in a sentence each for whoever watches now or asks later. Silos go by their names.</content>
internal sealed partial class RunCoordinator
{
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
        if (status.State == RunState.Recovering && status.Incidents.Open() is { } open && open.Covers(gone))
        {
            Revise(open.AndGone(gone));
            return;
        }

        Note(isFailure ? IncidentKind.Failure : IncidentKind.Loss, IncidentText.Loss(gone, what, status.Slot - 1), gone);
    }

    private void NoteWait(Exception why)
    {
        if (_losses.IsNews)
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
            var silos = Current().Plan.Select(place => place.Silo).Distinct().Count();
            Revise(
                open.NotBefore(checkpoint).AndGone(stages.Gone(before)) with
                {
                    Then = IncidentText.GoingOn(checkpoint, silos),
                    Until = Current().Seconds,
                }
            );
        }
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

    private string AfterSlot() => IncidentText.AfterSlot(Current().Slot - 1);
}
