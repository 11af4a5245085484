using System.CommandLine;

namespace ForwardForward.Console.CommandLine;

/// <summary>A command with a line that shows how it is used.</summary>
internal sealed class Verb(string name, string description, string example) : Command(name, description)
{
    /// <summary>What every example begins with.</summary>
    public const string Program = "./ff";

    public string Example => example;

    /// <summary>What it does, without what there is to say of it: for a list of verbs.</summary>
    public string Summary { get; } = description.Split([',', ';', ':'])[0].TrimEnd('.') + ".";
}
