namespace ForwardForward.Contracts.Experiments;

public enum IncidentKind
{
    /// <summary>Silos, or the neighbour of a stage, are gone with a part of the run.</summary>
    Loss,

    /// <summary>A stage could not go on.</summary>
    Failure,

    /// <summary>A silo has come, or is back.</summary>
    Arrival,

    /// <summary>A silo on which the run had nothing is gone.</summary>
    Departure,

    /// <summary>The run was brought to rest to go on elsewhere.</summary>
    Move,

    /// <summary>Somebody has stopped the run.</summary>
    Pause,

    /// <summary>Somebody goes on with a run that had ended unfinished.</summary>
    Resumption,
}

/// <summary>Something that befell a run, for whoever watches it now or asks later.</summary>
[GenerateSerializer, Immutable, Alias("ff.incident")]
public sealed record Incident
{
    /// <summary>From 1, in the order in which they began.</summary>
    [Id(0)]
    public required int Number { get; init; }

    [Id(1)]
    public required IncidentKind Kind { get; init; }

    /// <summary>The last slot that was known to be through; -1 before the first.</summary>
    [Id(2)]
    public required long Slot { get; init; }

    /// <summary>Of the run's time.</summary>
    [Id(3)]
    public required double Seconds { get; init; }

    [Id(4)]
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened, as in "silo-2 lost after slot 812".</summary>
    [Id(5)]
    public required string What { get; init; }

    /// <summary>What the run did, or what it waits for, as in "going on from slot 700 on 2 silos"; null before that is known.</summary>
    [Id(6)]
    public string? Then { get; init; }

    /// <summary>When the run went on, in seconds of its time; null where it does not yet.</summary>
    [Id(7)]
    public double? Until { get; init; }

    /// <summary>Names of the silos that it is about.</summary>
    [Id(8)]
    public IReadOnlyList<string> Silos { get; init; } = [];

    public string Sentence => Then is null ? What : $"{What}; {Then}";
}

/// <summary>The incidents of a run, the oldest first. Lists are replaced, never changed.</summary>
public static class Incidents
{
    /// <summary>Most that are kept, the newest: a silo that comes and goes all night must not fill a run's record.</summary>
    public const int MaxCount = 50;

    /// <returns>With one more, which gets the next number.</returns>
    public static IReadOnlyList<Incident> With(this IReadOnlyList<Incident> incidents, Incident next) =>
        [.. incidents.Append(next with { Number = incidents.Count == 0 ? 1 : incidents[^1].Number + 1 }).TakeLast(MaxCount)];

    /// <returns>With another word about one of them.</returns>
    public static IReadOnlyList<Incident> Revised(this IReadOnlyList<Incident> incidents, Incident revised) =>
        [.. incidents.Select(incident => incident.Number == revised.Number ? revised : incident)];

    /// <returns>The newest that the run has not gone on from; null where there is none.</returns>
    public static Incident? Open(this IReadOnlyList<Incident> incidents) => incidents.LastOrDefault(incident => incident.Until is null);

    /// <param name="now">Seconds of the run's time.</param>
    /// <returns>Seconds of the run's time in which it did not work.</returns>
    public static double SecondsLost(this IReadOnlyList<Incident> incidents, double now) =>
        incidents.Sum(incident => Math.Max(0, (incident.Until ?? now) - incident.Seconds));
}
