namespace ForwardForward.Silo;

/// <summary>What ended the program that nobody foresaw: a sentence, unless whoever started it asks for events of level Debug.</summary>
internal static class Traces
{
    private const string Level = "Logging__LogLevel__Default";

    public static bool AreWanted =>
        Environment.GetEnvironmentVariable(Level) is { } level
        && Enum.TryParse<LogLevel>(level, ignoreCase: true, out var least)
        && least <= LogLevel.Debug;

    public static string Sentence(Exception e) =>
        $"The silo ended: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. {Level}=Debug shows where.";
}
