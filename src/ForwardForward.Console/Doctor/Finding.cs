using System.Text.Json.Serialization;

namespace ForwardForward.Console.Doctor;

/// <summary>What one look at the machine found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="What">What is there, in a few words.</param>
/// <param name="Advice">Where it is not: what it is needed for and how to get it, in a sentence.</param>
internal sealed record Finding(string Check, bool Ok, [property: JsonIgnore] string What, [property: JsonIgnore] string? Advice)
{
    public string Message => Advice is null ? What : $"{What}. {Advice}";

    /// <summary>Whether nothing can be trained without it.</summary>
    [JsonIgnore]
    public bool IsNeeded { get; init; }
}
