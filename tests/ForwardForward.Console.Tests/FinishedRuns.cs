using System.Text.Json;
using ForwardForward.Console.Runs;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Tests;

/// <summary>Folders of runs that ended with given errors, without the training.</summary>
internal sealed class FinishedRuns(string folder)
{
    /// <summary>Of the data that they are said to have learned from.</summary>
    public const string Sha256 = "11";

    private static readonly ExperimentSpec Spec = new()
    {
        Dataset = "tiny",
        DatasetSha256 = Sha256,
        Epochs = 3,
        Layers = [16, 16],
        Precision = Precision.Fp32,
    };

    /// <param name="errors">Of the fast test after each epoch.</param>
    /// <param name="set">Fields of its spec, as <c>--set</c> takes them.</param>
    public void Add(string run, double[] errors, params string[] set) => Add(run, errors, summary => summary, set);

    /// <param name="change">Of how it ended.</param>
    public void Add(string run, double[] errors, Func<RunSummary, RunSummary> change, params string[] set)
    {
        var spec = SpecReader.Set(Spec, set);
        var own = Directory.CreateDirectory(Path.Combine(folder, run)).FullName;
        File.WriteAllText(Path.Combine(own, RunFolder.SpecFile), SpecReader.Write(spec));
        File.WriteAllLines(
            Path.Combine(own, RunFolder.MetricsFile),
            errors.Select(
                (error, i) =>
                    JsonSerializer.Serialize(
                        new
                        {
                            type = "evaluation",
                            slot = 10 * (i + 1),
                            epoch = i + 1,
                            seconds = 1.5 * (i + 1),
                            testErrorFast = error,
                            testErrorGoodness = (double?)null,
                        }
                    )
            )
        );
        var summary = new RunSummary
        {
            Run = run,
            State = RunStates.Done,
            Where = RunPlace.Here,
            Dataset = spec.Dataset,
            Epochs = spec.Epochs,
            Epoch = errors.Length,
            Seed = spec.Seed,
            Precision = spec.Precision,
            Seconds = 1.5 * errors.Length,
            TestErrorFast = errors[^1],
            StateHash = $"hash of {run}",
            Output = own,
        };
        File.WriteAllText(Path.Combine(own, RunFolder.SummaryFile), JsonSerializer.Serialize(change(summary), CommandLine.Json.Indented));
    }
}
