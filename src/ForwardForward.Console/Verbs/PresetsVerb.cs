using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Verbs;

internal static class PresetsVerb
{
    public static Verb Command()
    {
        var json = Options.Json();
        var command = new Verb("presets", "Lists the experiments that are known by name.", "./ff presets") { json, Show(), Schema() };
        command.SetAction(parsed => List(parsed.InvocationConfiguration.Output, parsed.GetValue(json)));
        return command;
    }

    private static Verb Show()
    {
        var name = new Argument<string>("NAME") { Description = "Name of a preset." }.WithPresets();
        var json = Options.Json();
        var command = new Verb(
            "show",
            "Prints the spec of a preset, every field of it, ready to edit.",
            "./ff presets show supervised > mine.json"
        )
        {
            name,
            json,
        };
        command.SetAction(parsed =>
            parsed.InvocationConfiguration.Output.Write(SpecReader.Write(Presets.Get(parsed.GetRequiredValue(name))))
        );
        return command;
    }

    private static Verb Schema()
    {
        var command = new Verb(
            "schema",
            "Prints the JSON schema of specs, with what plug-ins add.",
            "./ff presets schema > spec.schema.json"
        );
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(SpecSchema.Generate()));
        return command;
    }

    private static void List(TextWriter output, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(Presets.All.Select(preset => new { preset.Name, preset.Description }), Json.OneLine));
            return;
        }

        var width = Presets.Names.Max(name => name.Length);
        foreach (var preset in Presets.All)
        {
            output.WriteLine($"{preset.Name.PadRight(width)}  {preset.Description}");
        }
    }
}
