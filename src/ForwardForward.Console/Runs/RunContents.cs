namespace ForwardForward.Console.Runs;

/// <summary>What is in the folder of a run.</summary>
internal static class RunContents
{
    /// <summary>What <c>report</c> writes there.</summary>
    public const string ReportFile = "report.html";

    /// <summary>What <c>train --from</c> writes there, for another run to start from.</summary>
    public const string StateFile = "state.safetensors";

    private const string UnfinishedFile = ".tmp"; // of a process that was killed while it wrote one
    private static readonly EnumerationOptions NoLinks = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };
    private static readonly HashSet<string> Written =
    [
        .. RunFolder.Files,
        RunFolder.Checkpoints,
        RunBulletin.FileName,
        StopRequests.FileName,
        ReportFile,
        StateFile,
    ];

    /// <summary>Whether there is more than a spec: what a run writes once it has begun.</summary>
    public static bool HasBegun(string folder) =>
        new[] { RunFolder.SummaryFile, RunFolder.MetricsFile, RunBulletin.FileName, RunFolder.Checkpoints }.Any(name =>
            Path.Exists(Path.Combine(folder, name))
        );

    /// <summary>The first thing in a folder that no run writes; null where there is none.</summary>
    public static string? Stranger(string folder) =>
        Directory
            .EnumerateFileSystemEntries(folder)
            .Select(entry => Path.GetFileName(entry))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault(name =>
                !Written.Contains(name) && !(name.StartsWith('.') && name.EndsWith(UnfinishedFile, StringComparison.Ordinal))
            );

    /// <summary>Of all files; what links point to is elsewhere.</summary>
    public static long Bytes(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", NoLinks).Sum(file => file.Length);
}
