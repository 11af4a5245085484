using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Runs;

/// <summary>Where a run is.</summary>
internal static class RunPlace
{
    /// <summary>Where a run is that trains, or trained, in a process of this machine.</summary>
    public const string Here = "here";

    private static readonly TimeSpan OneMoment = TimeSpan.FromMilliseconds(1); // what is lost of a time that was written and read

    /// <summary>Whether the files in a folder are of this run of a cluster, and not of another one of its name.</summary>
    public static bool IsSame(RunSummary here, RunStatus there) =>
        here.Run == there.Run
        && here.Where switch
        {
            RunPlace.Here => false,
            null => WasFollowed(here.Output!, there.Spec),
            _ => here.StartedAt is { } started && (started - there.StartedAt).Duration() <= OneMoment,
        };

    /// <summary>For a person.</summary>
    public static string Sentence(RunSummary run) => run.IsOfHere ? "here" : $"on the cluster {run.Where}";

    // A folder of the version before does not say where its run is; what trains here has checkpoints beside it.
    private static bool WasFollowed(string folder, ExperimentSpec spec) =>
        !Directory.Exists(Path.Combine(folder, RunFolder.Checkpoints))
        && File.ReadAllText(Path.Combine(folder, RunFolder.SpecFile)) == SpecReader.Write(spec);
}
