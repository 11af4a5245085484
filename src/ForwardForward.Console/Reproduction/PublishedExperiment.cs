using ForwardForward.Learning;

namespace ForwardForward.Console.Reproduction;

/// <summary>A published result, and what runs to reach it.</summary>
/// <param name="Preset">The built-in experiment.</param>
/// <param name="Seeds">Of the full schedule; the short one takes the first.</param>
/// <param name="Published">Test error as a fraction; null where nobody has published one.</param>
/// <param name="Source">Of the published error, for a person.</param>
/// <param name="QuickError">
/// Test error that the short schedule stays below where the experiment works: far above what it ends with, far below chance.
/// </param>
internal sealed record PublishedExperiment(
    string Name,
    string Preset,
    IReadOnlyList<int> Seeds,
    double? Published,
    string Source,
    double QuickError
)
{
    /// <summary>Epochs of the short schedule.</summary>
    public int QuickEpochs { get; init; } = 3;

    /// <summary>Whether the published error is that of the fast test although the experiment has a goodness test too.</summary>
    public bool IsPublishedFast { get; init; }

    /// <summary>Data set where it is not the preset's.</summary>
    public string? Data { get; init; }

    private const string Paper = "Hinton 2022";
    private const string Rust = "jesper-olsen/forward-forward-rs";

    public static IReadOnlyList<PublishedExperiment> All { get; } =
    [
        new("supervised", "supervised", [1, 2, 3], 0.0136, Paper, 0.06),
        new("supervised-regularized", "supervised-regularized", [1, 2, 3], 0.0136, $"{Paper}, without regularization", 0.20),
        new("supervised-random", "supervised-random", [1], null, "", 0.20),
        new(
            "supervised-jitter",
            "supervised-jitter",
            [1, 2, 3],
            0.0071,
            $"{Rust}, the same network and schedule by the fast test, 50,000 images (all 60,000: 0.69 %; {Paper}: 0.64 % in 500 epochs)",
            0.20
        )
        {
            IsPublishedFast = true,
        },
        new("unsupervised", "unsupervised", [1, 2, 3], 0.0137, Paper, 0.10),
        new("unsupervised-local", "unsupervised-local", [1], 0.0116, Paper, 0.10),
        new("topdown", "topdown", [1], 0.0131, Paper, 0.40) { QuickEpochs = 1 },
        new("context", "context", [1], null, "", 0.40),
        new("bp-mlp", "bp-mlp", [1, 2, 3], 0.014, Paper, 0.10) { QuickEpochs = 1 },
        new("bp-mlp-regularized", "bp-mlp-regularized", [1, 2, 3], 0.011, Paper, 0.20) { QuickEpochs = 1 },
        new("bp-cnn", "bp-cnn", [1], 0.006, Paper, 0.05) { QuickEpochs = 1 },
        new("conv-cwcomp", "conv-cwcomp", [1], 0.0058, "Papachristodoulou et al. 2024", 0.10) { QuickEpochs = 1 },
        new("fashion-jitter", "supervised-jitter", [1], 0.105, $"{Rust}, by the fast test", 0.40)
        {
            Data = "fashion-mnist",
            IsPublishedFast = true,
        },
    ];

    /// <param name="names">None: all.</param>
    /// <exception cref="InvalidInputException">There is no such experiment.</exception>
    public static IReadOnlyList<PublishedExperiment> Named(IReadOnlyList<string> names) =>
        names.Count == 0
            ? All
            :
            [
                .. names.Select(name =>
                    All.FirstOrDefault(experiment => experiment.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                    ?? throw new InvalidInputException(
                        $"There is no experiment '{name}' to reproduce, expected one of "
                            + string.Join(", ", All.Select(experiment => experiment.Name))
                            + Suggestion.Ending(name, All.Select(experiment => experiment.Name))
                    )
                ),
            ];
}
