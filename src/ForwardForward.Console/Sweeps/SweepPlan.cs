using System.Text.Json;
using System.Text.Json.Serialization;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Training;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Sweeps;

/// <summary>A sweep with everything resolved, as <c>sweep.json</c> keeps it: whoever reads it makes the same trials.</summary>
internal sealed record SweepPlan
{
    /// <summary>The preset, or what the spec's file is called.</summary>
    public required string Experiment { get; init; }

    /// <summary>Null where the spec came from a file.</summary>
    public string? Preset { get; init; }

    /// <summary>The user's, with what is set in all trials.</summary>
    public required JsonElement Spec { get; init; }

    /// <summary>Paths of the swept fields.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>Those of them that are shown on a logarithmic scale.</summary>
    public IReadOnlyList<string> Logarithmic { get; init; } = [];

    /// <summary>Last training images that trials are judged by; 0: the test images.</summary>
    public required int HoldOut { get; init; }

    /// <summary>Of the spec's data; empty where that is not known here.</summary>
    public string DatasetSha256 { get; init; } = "";

    public bool Halving { get; init; }

    /// <summary>HOST:PORT of the cluster that has the trials; null: they are of this machine.</summary>
    public string? Cluster { get; init; }

    /// <summary>Each setting is tried with each of them.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    public required IReadOnlyList<Setting> Trials { get; init; }

    /// <summary>The user's spec.</summary>
    [JsonIgnore]
    public SpecChoice Choice => new(Preset, Experiment, SpecReader.Parse(Spec.GetRawText(), SweepFolder.PlanFile));

    /// <summary>Epochs of each rung, the lowest first; null: as many as the trial's spec has.</summary>
    [JsonIgnore]
    public IReadOnlyList<int?> Rungs => Halving ? [.. Sweeps.Halving.Rungs(Choice.Spec.Epochs).Select(epochs => (int?)epochs)] : [null];

    /// <summary>Where errors are from, as in "1.62 % held out by goodness".</summary>
    [JsonIgnore]
    public string Judged => HoldOut > 0 ? "held out" : "on the test images";

    /// <param name="settings">Those of them that are to be run.</param>
    /// <param name="epochs">Of the rung; null: as many as the trial's spec has.</param>
    public IReadOnlyList<Trial> Runs(IEnumerable<Setting> settings, int? epochs)
    {
        var choice = Choice;
        return [.. settings.SelectMany(setting => Seeds.Select(seed => Run(choice, setting, seed, epochs)))];
    }

    /// <summary>The spec that a trial asks <c>train</c> for: the user's, with the trial's fields.</summary>
    public ExperimentSpec Best(int trial) =>
        Choice.With(new TrainRequest { Experiment = Experiment, Set = Trials[trial - 1].Assignments }).Spec;

    /// <summary>What another plan is that this one is not, as the rest of "a sweep"; null where both try the same.</summary>
    public string? Difference(SweepPlan other) =>
        (Cluster is null) != (other.Cluster is null) ? (other.Cluster is null ? "of this machine" : $"on the cluster {other.Cluster}")
        : Text(Spec) != Text(other.Spec) ? "of another spec"
        : DatasetSha256 != other.DatasetSha256 ? "of other data"
        : HoldOut != other.HoldOut ? "judged by other images"
        : !Seeds.SequenceEqual(other.Seeds) ? "with other seeds"
        : Halving != other.Halving ? $"{(other.Halving ? "with" : "without")} halving"
        : !Trials.Select(Text).SequenceEqual(other.Trials.Select(Text)) ? "of other trials"
        : null;

    public string Write() => JsonSerializer.Serialize(this, Json.Indented) + "\n";

    /// <exception cref="InvalidInputException">The file is no plan.</exception>
    public static SweepPlan Read(string file)
    {
        try
        {
            var plan =
                JsonSerializer.Deserialize<SweepPlan>(File.ReadAllText(file), Json.OneLine) ?? throw new JsonException("there is null");
            _ = plan.Choice;
            return plan;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"{file} cannot be read ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}), expected what `ff sweep` wrote.",
                e
            );
        }
    }

    private Trial Run(SpecChoice choice, Setting setting, int seed, int? epochs)
    {
        var given = choice.With(
            new TrainRequest
            {
                Experiment = Experiment,
                Set = setting.Assignments,
                Seed = seed,
                Epochs = epochs,
                Precision = setting.Precision,
            }
        );
        var spec = given.Spec with
        {
            HoldOut = HoldOut,
            TestImages = HoldOut > 0 && given.Spec.TestImages >= HoldOut ? 0 : given.Spec.TestImages,
            DatasetSha256 =
                given.Spec.Dataset == choice.Spec.Dataset && DatasetSha256.Length > 0 ? DatasetSha256 : given.Spec.DatasetSha256,
        };
        var rung = epochs is { } some ? $"-epochs-{some}" : "";
        var ofSeed = Seeds.Count > 1 ? $"-seed-{seed}" : "";
        return new Trial(setting, seed, given with { Spec = spec }, $"trial-{setting.Trial:000}{rung}{ofSeed}");
    }

    private static string Text(JsonElement spec) => JsonSerializer.Serialize(spec);

    // What the machine measured is no part of what was asked for.
    private static string Text(Setting setting) => string.Join(' ', setting.Assignments);
}
