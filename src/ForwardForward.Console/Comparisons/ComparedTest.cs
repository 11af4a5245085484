using ForwardForward.Console.Reports;
using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Comparisons;

/// <summary>A test by which runs are compared.</summary>
/// <param name="Name">For a person.</param>
/// <param name="Final">What a run errs on by it now, or at its end; null where it was not tested so.</param>
/// <param name="Measured">What a record says of it.</param>
internal sealed record ComparedTest(string Name, Func<RunSummary, double?> Final, Func<RunRecord, double?> Measured)
{
    public static IReadOnlyList<ComparedTest> All { get; } =
    [
        new("fast", run => run.TestErrorFast, record => record.TestErrorFast),
        new("by goodness", run => run.TestErrorGoodness, record => record.TestErrorGoodness),
    ];

    /// <summary>Epoch and error, in the order of the epochs.</summary>
    public IReadOnlyList<(double Epoch, double Error)> Curve(RunRecords records) =>
        [.. records.Evaluations.Where(at => Measured(at) is not null).Select(at => ((double)at.Epoch, Measured(at)!.Value))];
}
