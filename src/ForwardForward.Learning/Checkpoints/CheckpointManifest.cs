using System.Text.Json.Serialization;

namespace ForwardForward.Learning.Checkpoints;

/// <param name="Name">Inside the checkpoint's folder: letters, digits, dots, hyphens.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
public sealed record CheckpointFile(string Name, long Bytes, string Sha256)
{
    /// <summary>Who keeps it, by names for a person; null where all files are in one folder.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Holders { get; init; }
}

/// <summary>
/// What makes a folder of files a checkpoint: which state it is, what that state depends on, and every file that belongs to it.
/// </summary>
/// <param name="Fingerprint">Of the kernels that computed it.</param>
/// <param name="Spec">JSON of the resolved spec, as SpecReader.Write gives it.</param>
public sealed record CheckpointManifest(
    string Run,
    int Generation,
    long Slot,
    string Fingerprint,
    [property: JsonConverter(typeof(RawJson))] string Spec,
    IReadOnlyList<CheckpointFile> Files
)
{
    /// <summary>Raised whenever a reader of the present one would misunderstand what is written.</summary>
    [JsonPropertyOrder(-1)]
    public int Format { get; init; } = CurrentFormat;

    /// <summary>JSON of what was measured up to the slot, for whoever leads the run to read.</summary>
    [JsonRequired, JsonConverter(typeof(RawJson))]
    public string Journal { get; init; } = EmptyJournal;

    /// <summary>JSON of what was taught up to the slot, likewise; null: nothing was.</summary>
    [JsonConverter(typeof(RawJson)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Lessons { get; init; }

    internal const string EmptyJournal = "[]";

    internal const int CurrentFormat = 2;

    [JsonIgnore]
    public CheckpointId Id => new(Slot, Generation);

    /// <summary>The entry of a file.</summary>
    /// <exception cref="CheckpointException">The checkpoint has no such file.</exception>
    public CheckpointFile File(string name) =>
        Files.FirstOrDefault(file => file.Name == name)
        ?? throw new CheckpointException($"{Id} has no file {name}, only {string.Join(", ", Files.Select(f => f.Name))}.");
}
