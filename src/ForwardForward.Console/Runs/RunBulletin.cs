using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Contracts.Stages;

namespace ForwardForward.Console.Runs;

/// <summary>A run that is not over, as its process or who follows it last wrote it down for others to read.</summary>
/// <param name="Data">Null before its data is open.</param>
internal sealed record RunBulletin(RunSummary Run, DataShape? Data)
{
    public const string FileName = "status.json";

    /// <returns>Null where there is none that can be read.</returns>
    public static RunBulletin? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<RunBulletin>(File.ReadAllText(Path.Combine(folder, FileName)), Json.OneLine);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public string Write() => JsonSerializer.Serialize(this, Json.Indented) + "\n";
}
