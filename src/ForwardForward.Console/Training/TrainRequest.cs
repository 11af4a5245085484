using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Training;

/// <summary>What a user asks <c>train</c> for; null where nothing is said.</summary>
internal sealed record TrainRequest
{
    /// <summary>Name of a preset, or the file of a spec.</summary>
    public required string Experiment { get; init; }

    /// <summary>What <see cref="Experiment"/> names, with everything that is set, where that is resolved already.</summary>
    public SpecChoice? Choice { get; init; }

    /// <summary>Each <c>path=value</c>.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    public int? Epochs { get; init; }

    public int? Seed { get; init; }

    public Precision? Precision { get; init; }

    /// <summary>A known data set or a folder.</summary>
    public string? Data { get; init; }

    /// <summary>Whether the data set stores rows of its pictures as columns.</summary>
    public bool Transpose { get; init; }

    /// <summary>A run that is done, whose state to train on from with its spec; the experiment is not looked at then.</summary>
    public string? From { get; init; }

    /// <summary>The file of a run's journal of lessons, which this one is taught too.</summary>
    public string? Journal { get; init; }

    /// <summary>Where the examples of a stream come from: <c>-</c>, <c>http</c>, or a file; null: it learns from its data set.</summary>
    public string? Stream { get; init; }

    /// <summary>A file of weights to start from.</summary>
    public string? Import { get; init; }

    public string? Name { get; init; }

    public string? Out { get; init; }

    public int Silos { get; init; } = 1;

    public bool Reference { get; init; }

    /// <summary>Port on loopback that shows the silos' metrics while they train.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>Whether a page shows the run and answers while it trains.</summary>
    public bool Live { get; init; }

    /// <summary>Whether to open that page in a browser.</summary>
    public bool Open { get; init; }
}
