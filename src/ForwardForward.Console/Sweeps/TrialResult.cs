using System.Text.Json;
using System.Text.Json.Serialization;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Reports;
using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Sweeps;

/// <summary>
/// How a trial stands: what <c>--json</c> prints and <c>results.json</c> holds. Errors are fractions of the images it is judged by.
/// </summary>
internal sealed record TrialResult
{
    public required int Trial { get; init; }

    public required IReadOnlyDictionary<string, JsonElement> Fields { get; init; }

    public required int Seed { get; init; }

    public required int Epochs { get; init; }

    /// <summary>As of a run; <see cref="Waiting"/> before it has begun.</summary>
    public required string State { get; init; }

    public double? HeldOutErrorFast { get; init; }

    public double? HeldOutErrorGoodness { get; init; }

    public double Seconds { get; init; }

    public string? StateHash { get; init; }

    /// <summary>Name of its folder inside the sweep's.</summary>
    public required string Folder { get; init; }

    /// <summary>Why it failed, in one sentence.</summary>
    public string? Error { get; init; }

    /// <summary>What the disk did not take of its run, in a sentence; null where that is whole.</summary>
    [JsonIgnore]
    public string? Unkept { get; init; }

    /// <summary>Its tests.</summary>
    [JsonIgnore]
    public IReadOnlyList<RunRecord> Tests { get; init; } = [];

    [JsonIgnore]
    public bool IsDone => State == RunStates.Done;

    /// <summary>Whether it is not run again.</summary>
    [JsonIgnore]
    public bool IsOver => State is RunStates.Done or RunStates.Failed;

    public const string Waiting = "queued";

    public static TrialResult Of(Trial trial, string state, string? error = null) =>
        new()
        {
            Trial = trial.Number,
            Fields = trial.Setting.Fields,
            Seed = trial.Seed,
            Epochs = trial.Epochs,
            State = state,
            Folder = trial.Folder,
            Error = error?.ReplaceLineEndings(" "),
        };

    /// <param name="folder">Of its run, which says what it tested.</param>
    public static TrialResult Of(Trial trial, RunSummary run, string folder) =>
        Of(trial, run.State, run.IsDone ? null : run.Error) with
        {
            HeldOutErrorFast = run.TestErrorFast,
            HeldOutErrorGoodness = run.TestErrorGoodness,
            Seconds = run.Seconds,
            StateHash = run.StateHash,
            Unkept = MissingNet.Sentence(run) ?? run.Unwritten,
            Tests = [.. RunRecords.Read(folder).Evaluations],
        };
}
