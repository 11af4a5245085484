using System.Text.Json;

namespace ForwardForward.Cluster.Tests.Deploy;

/// <summary>The last stage of deploy/Dockerfile, which is the image.</summary>
internal sealed class Dockerfile
{
    public Dockerfile()
    {
        var text = File.ReadAllText(Repository.At("deploy/Dockerfile")).Replace("\\\n", "", StringComparison.Ordinal);
        var stages = text.Split("\nFROM ");
        Build = stages[1];
        Lines = ("FROM " + stages[^1]).Split('\n');
    }

    /// <summary>The text of the stage that builds.</summary>
    public string Build { get; }

    public IReadOnlyList<string> Lines { get; }

    /// <summary>What follows the instruction, which stands once.</summary>
    public string The(string instruction) =>
        Assert.Single(Lines, line => line.StartsWith(instruction + " ", StringComparison.Ordinal))[(instruction.Length + 1)..];

    /// <summary>The words of an instruction in its exec form.</summary>
    public string[] Words(string instruction)
    {
        var value = The(instruction);
        return JsonSerializer.Deserialize<string[]>(value[value.IndexOf('[', StringComparison.Ordinal)..])!;
    }
}
