using System.Text.Json;
using System.Text.Json.Serialization;
using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Sweeps;

/// <summary>Values of the swept fields that are tried together.</summary>
/// <param name="Trial">From 1.</param>
/// <param name="Fields">By path.</param>
/// <param name="Precision">Settled where the spec leaves it to the machine, which measures it undisturbed; null where it does not.</param>
internal sealed record Setting(int Trial, IReadOnlyDictionary<string, JsonElement> Fields, Precision? Precision)
{
    [JsonIgnore]
    public IReadOnlyList<string> Assignments => [.. Fields.Select(one => $"{one.Key}={FieldPath.Text(one.Value)}")];
}

/// <summary>A run of a sweep: a setting with one seed.</summary>
/// <param name="Choice">Its whole spec.</param>
/// <param name="Folder">Name of its folder inside the sweep's.</param>
internal sealed record Trial(Setting Setting, int Seed, SpecChoice Choice, string Folder)
{
    public int Number => Setting.Trial;

    public int Epochs => Choice.Spec.Epochs;

    /// <summary>Name of its run: of a cluster all runs have one list.</summary>
    public string RunOf(string sweep) => RunName.From($"{sweep}-{Folder}");

    /// <summary>What the names of a sweep's runs begin with.</summary>
    public static string RunsOf(string sweep) => RunName.From($"{sweep}-trial-");

    /// <summary>For a person, as in <c>optimizer.learningRate=0.02, seed 1</c>.</summary>
    public string Words => string.Join(", ", [.. Setting.Assignments, $"seed {Seed}"]);
}
