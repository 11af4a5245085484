using System.Collections;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Telemetry;

/// <summary>
/// The log of one run, or of one of its stages: says of every event whose it is, at the beginning of its sentence for people and as
/// properties (<c>Run</c>, <c>Generation</c>, <c>Stage</c>, <c>Silo</c>) for programs.
/// </summary>
/// <param name="log">Writes it.</param>
/// <param name="silo">Name of the silo that it happens on.</param>
/// <param name="generation">At the time of the event; null: the run has none yet.</param>
/// <param name="stage">As in "layer 2"; null: the event is the whole run's.</param>
internal sealed class RunLogger(ILogger log, string run, string silo, Func<int?> generation, string? stage = null) : ILogger
{
    /// <summary>As a new one; of a log that is of a run already, what that writes to.</summary>
    public static RunLogger Of(ILogger log, string run, string silo, Func<int?> generation, string? stage = null) =>
        new(log is RunLogger other ? other.Log : log, run, silo, generation, stage);

    private ILogger Log { get; } = log;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => Log.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => Log.IsEnabled(logLevel);

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
        {
            var written = new RunLogEntry(run, generation(), stage, silo, formatter(state, exception), PropertiesOf(state));
            Log.Log(logLevel, eventId, written, exception, static (entry, _) => entry.ToString());
        }
    }

    private static IReadOnlyList<KeyValuePair<string, object?>> PropertiesOf<TState>(TState state) =>
        state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
}

/// <summary>What a run's event says, as a sentence and as properties.</summary>
internal sealed class RunLogEntry : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _properties;
    private readonly string _sentence;

    public RunLogEntry(
        string run,
        int? generation,
        string? stage,
        string silo,
        string sentence,
        IReadOnlyList<KeyValuePair<string, object?>> properties
    )
    {
        var (ofGeneration, ofStage) = (generation is null ? "" : $"generation {generation}, ", stage is null ? "" : $"{stage}, ");
        _sentence = $"Run {run} ({ofGeneration}{ofStage}{silo}): {sentence}";
        _properties = [new("Run", run), new("Generation", generation), new("Stage", stage), new("Silo", silo)];
        _properties.RemoveAll(property => property.Value is null);
        var own = properties.Where(property => !_properties.Exists(known => known.Key == property.Key)).ToList();
        _properties.AddRange(own);
    }

    public int Count => _properties.Count;

    public KeyValuePair<string, object?> this[int index] => _properties[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _properties.GetEnumerator();

    public override string ToString() => _sentence;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
