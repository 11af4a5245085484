using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Doctor;
using ForwardForward.Console.Rendering;

namespace ForwardForward.Console.Verbs;

/// <summary>Says whether this machine can train, and what else it has and lacks.</summary>
internal static class DoctorVerb
{
    private const int NameWidth = 14;
    private const int StateWidth = 9;
    private const int Width = 80;

    public static Verb Command()
    {
        var json = Options.Json();
        var command = new Verb("doctor", "Says what this machine has and lacks, and whether `train` can run here.", "./ff doctor") { json };
        command.SetAction(parsed => Print(parsed.InvocationConfiguration.Output, Diagnosis.OfThisMachine(), parsed.GetValue(json)));
        return command;
    }

    /// <returns>The exit code.</returns>
    public static int Print(TextWriter output, IReadOnlyList<Finding> findings, bool json)
    {
        var missing = findings.Where(finding => finding is { IsNeeded: true, Ok: false }).Select(finding => finding.Check).ToList();
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(findings, Json.OneLine));
        }
        else
        {
            foreach (var finding in findings)
            {
                var begin = $"{finding.Check, -NameWidth}{(finding.Ok ? "ok" : "missing"), -StateWidth}";
                foreach (var line in Texts.Lines(Called.In(finding.What), Width - begin.Length))
                {
                    output.WriteLine($"{begin}{line}");
                    begin = new string(' ', begin.Length);
                }

                foreach (var line in Texts.Lines(Called.In(finding.Advice ?? ""), Width - NameWidth))
                {
                    output.WriteLine($"{"", NameWidth}{line}");
                }
            }

            output.WriteLine(
                missing.Count == 0
                    ? $"`{Called.Name} train` can run here."
                    : $"`{Called.Name} train` cannot run here: see {string.Join(" and ", missing)} above."
            );
        }

        return missing.Count == 0 ? ExitCode.Done : ExitCode.RunFailed;
    }
}
