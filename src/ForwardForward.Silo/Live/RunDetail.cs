using System.Diagnostics.CodeAnalysis;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Silo.Live;

/// <summary>A run as it is told to who asks for it by name.</summary>
internal sealed record RunDetail : RunRow
{
    [SetsRequiredMembers]
    private RunDetail(RunStatus status)
        : base(RunRow.Of(status))
    {
        Plan = [.. status.Plan.Select(place => new PlacedLayer(place.Layer, place.Silo))];
        Recoveries = status.Recoveries;
        Seconds = Finite.OrNull(status.Seconds) ?? 0;
        Error = status.Error;
    }

    /// <summary>Which silo each layer is on, from the bottom up.</summary>
    public IReadOnlyList<PlacedLayer> Plan { get; }

    public int Recoveries { get; }

    /// <summary>From the first slot to now, or to the end, without pauses.</summary>
    public double Seconds { get; }

    /// <summary>Why it failed, or is paused though nobody asked for it; else null.</summary>
    public string? Error { get; }

    public static new RunDetail Of(RunStatus status) => new(status);
}

/// <param name="Layer">From 1.</param>
/// <param name="Silo">The silo's name.</param>
internal sealed record PlacedLayer(int Layer, string Silo);
