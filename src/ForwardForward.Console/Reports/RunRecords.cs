using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Reports;

/// <summary>A line of metrics.jsonl, whatever it tells of: what its type has no use for is not there.</summary>
internal sealed record RunRecord
{
    public required string Type { get; init; }

    /// <summary>The slot after which it was so.</summary>
    public required long Slot { get; init; }

    public required double Seconds { get; init; }

    public int Layer { get; init; }

    public double GoodnessPositive { get; init; }

    public double GoodnessNegative { get; init; }

    public double Loss { get; init; }

    /// <summary>Share of the learned rows that had a pull; what the version before measured without it counts as 1.</summary>
    public double Pulling { get; init; } = 1;

    public int? InboxDepth { get; init; }

    public int Epoch { get; init; }

    public double? TestErrorFast { get; init; }

    public double? TestErrorGoodness { get; init; }

    /// <summary>By their own goodness, from the bottom up; null where it was not tested, or by the version before.</summary>
    public IReadOnlyList<double>? LayerErrors { get; init; }

    /// <summary>The same as the first version that measured it called it.</summary>
    public IReadOnlyList<double>? TestErrorOfLayers { get; init; }

    public IReadOnlyList<double> OwnErrors => LayerErrors ?? TestErrorOfLayers ?? [];

    public string State { get; init; } = "";

    public int Generation { get; init; }

    public int Recoveries { get; init; }

    public IReadOnlyList<LayerOnSilo> Plan { get; init; } = [];

    public DateTimeOffset At { get; init; }

    public string Sentence { get; init; } = "";
}

/// <param name="Layer">From 1.</param>
internal sealed record LayerOnSilo(int Layer, string Silo);

/// <summary>What a run's folder keeps of its course.</summary>
internal sealed class RunRecords
{
    private readonly ILookup<string, RunRecord> _byType;

    private RunRecords(IReadOnlyList<RunRecord> records) => (_byType, All) = (records.ToLookup(record => record.Type), records);

    /// <summary>As they were written.</summary>
    public IReadOnlyList<RunRecord> All { get; }

    /// <summary>Null where nothing was written yet.</summary>
    public RunRecord? Last => All.Count > 0 ? All[^1] : null;

    /// <summary>Measurements of every layer, by its number.</summary>
    public IEnumerable<IGrouping<int, RunRecord>> Layers => _byType["layer"].GroupBy(record => record.Layer).OrderBy(layer => layer.Key);

    public IEnumerable<RunRecord> Evaluations => _byType["evaluation"];

    /// <summary>Checkpoints of the plan.</summary>
    public IEnumerable<RunRecord> Checkpoints => _byType["trace"];

    public IReadOnlyList<RunRecord> Placements => [.. _byType["placement"]];

    /// <summary>What befell the run, each with all that is known of it.</summary>
    public IReadOnlyList<RunRecord> Incidents => [.. _byType["incident"].GroupBy(record => record.At).Select(one => one.Last())];

    /// <summary>Lines that are cut off, as those of a killed process can be, are left out.</summary>
    public static RunRecords Read(string folder)
    {
        var file = Path.Combine(folder, RunFolder.MetricsFile);
        return Of(File.Exists(file) ? File.ReadLines(file) : []);
    }

    /// <param name="lines">As in metrics.jsonl.</param>
    public static RunRecords Of(IEnumerable<string> lines) => new([.. lines.Select(Parse).OfType<RunRecord>()]);

    private static RunRecord? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(line, Json.OneLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
