using ForwardForward.Console.Reports;
using ForwardForward.Console.Runs;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Comparisons;

/// <summary>A run that is put beside others.</summary>
/// <param name="Summary">How it stands.</param>
/// <param name="Spec">Resolved.</param>
/// <param name="Records">What it measured.</param>
internal sealed record ComparedRun(RunSummary Summary, ExperimentSpec Spec, RunRecords Records)
{
    /// <summary>What it is called by: its name, or its folder where that is not one of ./runs.</summary>
    public string Title => RunList.Address(Summary);

    /// <param name="run">Its folder must be known.</param>
    /// <exception cref="Learning.InvalidInputException">Its spec cannot be read.</exception>
    public static ComparedRun Of(RunSummary run) =>
        new(run, SpecReader.ReadFile(Path.Combine(run.Output!, RunFolder.SpecFile)), RunRecords.Read(run.Output!));
}
