using ForwardForward.Console.Training;

namespace ForwardForward.Console.Sweeps;

/// <summary>What a user asks <c>sweep</c> to try; null where nothing is said.</summary>
/// <param name="Train">The experiment, and what is set in all trials.</param>
internal sealed record SweepRequest(TrainRequest Train)
{
    /// <summary>Each <c>path=a,b,c</c>.</summary>
    public IReadOnlyList<string> Grid { get; init; } = [];

    /// <summary>Each <c>path=low..high</c>, with <c>:log</c> behind it or not.</summary>
    public IReadOnlyList<string> Random { get; init; } = [];

    public int? Trials { get; init; }

    public int Draw { get; init; } = 1;

    /// <summary><c>1..5</c> or <c>1,3,7</c>.</summary>
    public string? Seeds { get; init; }

    public bool Halving { get; init; }

    public int? HoldOut { get; init; }

    /// <summary>Whether trials are judged by the test images.</summary>
    public bool JudgesByTest { get; init; }

    /// <summary>HOST:PORT of the cluster that trains them; null: this process does.</summary>
    public string? Cluster { get; init; }

    /// <summary>Fields that options set in all trials.</summary>
    public IEnumerable<string> SetPaths =>
        [
            .. Train.Set.Select(assignment => assignment.Split('=')[0]),
            .. Train.Epochs is null ? Array.Empty<string>() : ["epochs"],
            .. Train.Precision is null ? Array.Empty<string>() : ["precision"],
            .. Train.Data is null ? Array.Empty<string>() : ["dataset"],
            .. Train.Transpose ? ["images.transposed"] : Array.Empty<string>(),
        ];
}
