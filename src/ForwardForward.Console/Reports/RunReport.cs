using ForwardForward.Console.Predictions;
using ForwardForward.Console.Runs;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Reports;

/// <summary>All that can be told of a run from its folder.</summary>
/// <param name="Network">Null where it cannot be asked; <paramref name="WhyNoNetwork"/> says why, in a sentence.</param>
/// <param name="Data">Null where the data is not on this machine.</param>
internal sealed record RunReport(
    RunSummary Summary,
    ExperimentSpec Spec,
    RunRecords Records,
    DataSet? Data,
    TestedNetwork? Network,
    string? WhyNoNetwork
)
{
    /// <param name="run">Its folder must be known.</param>
    /// <param name="checkpoints">Folder of its checkpoints; null: in its own.</param>
    public static RunReport Of(RunSummary run, string? checkpoints) =>
        Of(
            run,
            SpecReader.ReadFile(Path.Combine(run.Output!, RunFolder.SpecFile)),
            RunRecords.Read(run.Output!),
            () => RunCheckpoint.Open(checkpoints ?? run.Output!)
        );

    /// <param name="run">How it stands.</param>
    /// <param name="spec">Resolved.</param>
    /// <param name="records">Of its course.</param>
    /// <param name="newest">Opens its newest checkpoint.</param>
    public static RunReport Of(RunSummary run, ExperimentSpec spec, RunRecords records, Func<RunCheckpoint> newest)
    {
        var sets = new DataSets(DataSets.DefaultCacheFolder);
        if (!sets.IsHere(spec.Dataset))
        {
            return new RunReport(run, spec, records, null, null, $"The data set '{spec.Dataset}' is not on this machine.");
        }

        try
        {
            var data = sets.Open(spec.Dataset).Limited(spec);
            try
            {
                return new RunReport(run, spec, records, data, TestedNetwork.Test(newest(), data), null);
            }
            catch (InvalidInputException e)
            {
                return new RunReport(run, spec, records, data, null, e.Message);
            }
        }
        catch (InvalidInputException e)
        {
            return new RunReport(run, spec, records, null, null, e.Message);
        }
    }
}
