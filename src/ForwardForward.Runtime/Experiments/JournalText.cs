using System.Text.Json;
using System.Text.Json.Serialization;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Runtime.Experiments;

/// <summary>What was measured in a run, as the text that a checkpoint keeps of it.</summary>
internal static class JournalText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a run that diverges measures no numbers
    };

    public static string Write(IReadOnlyList<RunEvent> events) => JsonSerializer.Serialize(events, Options);

    /// <exception cref="CheckpointException">The text is no list of events.</exception>
    public static IReadOnlyList<RunEvent> Read(string text)
    {
        try
        {
            var events = JsonSerializer.Deserialize<List<RunEvent?>>(text, Options) ?? [null];
            return [.. events.Select((measured, i) => (measured ?? throw new JsonException("There is null.")) with { Sequence = i })];
        }
        catch (JsonException e)
        {
            throw new CheckpointException(
                "The journal of a checkpoint cannot be read although its seal is right, expected a list of what was measured.",
                e
            );
        }
    }
}
