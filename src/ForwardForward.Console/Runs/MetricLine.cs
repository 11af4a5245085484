using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Console.Runs;

/// <summary>Something measured, as a line of <c>metrics.jsonl</c>.</summary>
internal static class MetricLine
{
    public static string Of(RunEvent measured) =>
        measured switch
        {
            { Layer: { } layer } => Write(
                new
                {
                    type = "layer",
                    layer.Slot,
                    layer.Epoch,
                    measured.Seconds,
                    layer.Layer,
                    layer.GoodnessPositive,
                    layer.GoodnessNegative,
                    layer.Loss,
                    layer.Pulling,
                    measured.InboxDepth,
                }
            ),
            { Evaluation: { } evaluation } => Write(
                new
                {
                    type = "evaluation",
                    evaluation.Slot,
                    evaluation.Epoch,
                    measured.Seconds,
                    testErrorFast = evaluation.ErrorFast,
                    testErrorGoodness = evaluation.ErrorGoodness,
                    layerErrors = evaluation.OwnErrors.Count > 0 ? evaluation.OwnErrors : null,
                }
            ),
            { Streamed: { } streamed } => Write(
                new
                {
                    type = "stream",
                    streamed.Slot,
                    streamed.Epoch,
                    measured.Seconds,
                    streamed.Examples,
                    prequentialError = streamed.Error,
                }
            ),
            { Trace: { } trace } => Write(
                new
                {
                    type = "trace",
                    trace.Slot,
                    measured.Seconds,
                    trace.Sha256,
                }
            ),
            _ => throw new ArgumentException($"Event {measured.Sequence} measured nothing.", nameof(measured)),
        };

    /// <summary>Which generation of the run does what where, after the slot that was through then.</summary>
    public static string Of(RunStatus status) =>
        Write(
            new
            {
                type = "placement",
                slot = status.Slot - 1,
                status.Epoch,
                status.Seconds,
                state = RunStates.Of(status.State),
                status.Generation,
                status.Recoveries,
                plan = status.Plan.Select(place => new { place.Layer, place.Silo }),
            }
        );

    /// <summary>What befell the run; again where more is known of it.</summary>
    public static string Of(Incident incident) =>
        Write(
            new
            {
                type = "incident",
                incident.Slot,
                incident.Seconds,
                incident.At,
                incident.Kind,
                incident.Silos,
                incident.Sentence,
            }
        );

    /// <summary>Whether a line, whole, tells where the run was or what befell it rather than what was measured.</summary>
    public static bool IsCourse(string line) =>
        (
            line.StartsWith("{\"type\":\"placement\"", StringComparison.Ordinal)
            || line.StartsWith("{\"type\":\"incident\"", StringComparison.Ordinal)
        ) && line.EndsWith('}');

    private static string Write<T>(T line) => JsonSerializer.Serialize(line, Json.OneLine);
}
