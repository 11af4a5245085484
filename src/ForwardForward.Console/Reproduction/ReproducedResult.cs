using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Reproduction;

/// <summary>One line of results.json. Errors are fractions.</summary>
/// <param name="TestErrorGoodness">Null where the experiment has no labels to try.</param>
/// <param name="TestErrorJoint">By goodness and the readout together; null where the pictures have no labels in them.</param>
/// <param name="TestErrorSettled">By the readout, from the states with signals from above; null where there are none.</param>
/// <param name="Fingerprint">Of the kernels that the state hash is of; null where it was not written down.</param>
/// <param name="Published">Null where nobody has published one.</param>
/// <param name="PublishedTest">The test that the published error is of; null where there is none.</param>
internal sealed record ReproducedResult(
    string Experiment,
    string Dataset,
    int Epochs,
    int Seed,
    double? TestErrorFast,
    double? TestErrorGoodness,
    double? TestErrorJoint,
    double? TestErrorSettled,
    double Seconds,
    string? StateHash,
    string? Fingerprint,
    double? Published,
    TestKind? PublishedTest
)
{
    /// <summary>
    /// By the test that the published error is of; where there is none, by goodness, or by the readout where there are no labels.
    /// </summary>
    public double? TestError => PublishedTest == TestKind.Fast ? TestErrorFast : TestErrorGoodness ?? TestErrorFast;

    /// <summary>Whether the error is the published one or below; null where there is none.</summary>
    public bool? Reached => Published is { } published ? TestError <= published : null;

    /// <summary>What of the fingerprint differs between results of one machine: precision, and version of the passes.</summary>
    public string? Kernels => Fingerprint?.Split('/') is [_, _, _, _, var precision, var passes, ..] ? $"{precision}, {passes}" : null;

    /// <summary>Whether the published error is of the fast test although there is a goodness test too.</summary>
    public bool ComparesFast() => PublishedTest == TestKind.Fast && TestErrorGoodness is not null;

    public static ReproducedResult Of(PublishedExperiment experiment, RunSummary run, (double? Joint, double? Settled) retested) =>
        new(
            experiment.Name,
            run.Dataset,
            run.Epochs,
            run.Seed,
            run.TestErrorFast,
            run.TestErrorGoodness,
            retested.Joint,
            retested.Settled,
            Math.Round(run.Seconds, 1),
            run.StateHash,
            run.Fingerprint,
            experiment.Published,
            experiment.Published is null ? null
                : experiment.IsPublishedFast || run.TestErrorGoodness is null ? TestKind.Fast
                : TestKind.Goodness
        );
}
