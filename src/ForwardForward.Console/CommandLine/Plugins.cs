using System.CommandLine;
using ForwardForward.Learning.Plugins;

namespace ForwardForward.Console.CommandLine;

/// <summary>Loads what the user adds to the algorithm, before any verb looks at names.</summary>
internal static class Plugins
{
    private static readonly Option<string[]> Files = new("--plugin")
    {
        Description = $"Assembly with plug-ins, repeatable; default: ${PluginSet.Variable}.",
        HelpName = "FILE.dll",
        Recursive = true,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>For every verb.</summary>
    public static Option<string[]> Option => Files;

    /// <exception cref="Learning.InvalidInputException">A file is no plug-in.</exception>
    public static void Load(ParseResult command)
    {
        PluginSet.LoadNamed(Environment.GetEnvironmentVariable(PluginSet.Variable));
        if (command.GetValue(Files) is not { Length: > 0 } files)
        {
            return;
        }

        Array.ForEach(files, file => PluginSet.Load(file));

        // Silos that this process starts load the same.
        var before = Environment.GetEnvironmentVariable(PluginSet.Variable) ?? "";
        var all = before.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(files.Select(Path.GetFullPath)).Distinct();
        Environment.SetEnvironmentVariable(PluginSet.Variable, string.Join(Path.PathSeparator, all));
    }
}
