namespace ForwardForward.Console.CommandLine;

/// <summary>The program by the name that it was called by, so that a hint can be typed as it stands.</summary>
internal static class Called
{
    /// <summary>What a launcher calls itself.</summary>
    public const string Variable = "FF_CALLED";
    private const string Program = "ff";

    public static string Name { get; } =
        NameIn(
            Environment.GetEnvironmentVariable,
            Environment.ProcessPath,
            Environment.GetCommandLineArgs()[0],
            Directory.GetCurrentDirectory()
        );

    /// <summary>A sentence that says `ff`, with that name.</summary>
    public static string In(string sentence) =>
        Name == Program ? sentence : sentence.Replace($"`{Program} ", $"`{Name} ", StringComparison.Ordinal);

    /// <summary>As <see cref="Name"/>, for the given environment.</summary>
    /// <param name="process">File that runs.</param>
    /// <param name="assembly">What it runs, where it is a host of others.</param>
    public static string NameIn(Func<string, string?> variable, string? process, string assembly, string folder)
    {
        if (variable(Variable) is { Length: > 0 } given)
        {
            return given;
        }

        var isHosted = Path.GetFileNameWithoutExtension(process) == "dotnet";
        if (isHosted || process is null)
        {
            return $"dotnet {From(folder, assembly)}";
        }

        var path = variable("PATH")?.Split(Path.PathSeparator) ?? [];
        return path.Contains(Path.GetDirectoryName(process)) ? Path.GetFileNameWithoutExtension(process) : From(folder, process);
    }

    private static string From(string folder, string file)
    {
        var relative = Path.GetRelativePath(folder, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file
            : relative.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) || file.EndsWith(".dll", StringComparison.Ordinal)
                ? relative
            : Path.Combine(".", relative);
    }
}
