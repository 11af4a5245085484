using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Rendering;

/// <summary>What is said of the versions of the program that computed a run.</summary>
internal static class VersionText
{
    /// <summary>The version, where there was one; else each with the stages that it computed, all or at times.</summary>
    public static IReadOnlyList<string> Lines(RunSummary run)
    {
        var versions = (run.Versions ?? [])
            .SelectMany(stage => stage.Versions, (stage, version) => (stage.Stage, Version: version))
            .GroupBy(one => one.Version, one => one.Stage)
            .ToList();
        return versions.Count == 1 ? [versions[0].Key] : versions.ConvertAll(version => $"{version.Key}: {string.Join(", ", version)}");
    }
}
