using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Experiments;

/// <summary>What a run is, once and for all.</summary>
/// <param name="Spec">Resolved.</param>
/// <param name="Fingerprint">Of the kernels that compute it.</param>
internal sealed record RunBasis(ExperimentSpec Spec, DataShape Data, string Fingerprint);

/// <summary>Where the stages of one generation are.</summary>
/// <param name="Reason">Why, in one sentence.</param>
internal sealed record OpenedStages(IReadOnlyList<LayerPlace> Plan, string Reason)
{
    /// <summary>Which version of the program has each stage.</summary>
    public IReadOnlyList<StageVersions> Versions { get; init; } = [];

    /// <summary>What each stage computes by; of a run that is not exact.</summary>
    public IReadOnlyList<StageKernels> Kernels { get; init; } = [];
}

/// <summary>The stages of one run, as its coordinator needs them.</summary>
internal interface IRunStages
{
    /// <exception cref="Learning.InvalidInputException">The data cannot be used.</exception>
    Task<RunBasis> Settle(ExperimentSpec spec);

    /// <summary>
    /// Makes every stage, where it is best for the silos that are there and not leaving, and compute the bits that the run began with.
    /// </summary>
    /// <param name="fingerprint">Of the kernels.</param>
    /// <exception cref="Learning.InvalidInputException">No silo has the run's data or weights.</exception>
    Task<OpenedStages> Open(StageAssignment assignment, string fingerprint, IReadOnlySet<SiloAddress> leaving);

    /// <summary>
    /// What the cores that the stages are on reach together on nothing but the run's products, in operations per second; 0 where that is
    /// not known.
    /// </summary>
    Task<double> MatrixRate(RunBasis basis);

    /// <summary>Lets the slots flow.</summary>
    Task Start(StageAssignment assignment);

    /// <summary>Asks for a checkpoint and for no slot after it.</summary>
    Task Halt(int generation);

    /// <summary>Takes <see cref="Halt"/> back.</summary>
    Task GoOn(int generation);

    /// <summary>Lets a lesson in at the source.</summary>
    /// <param name="notBefore">The first mini-batch that it may enter.</param>
    /// <returns>The mini-batch that it enters; null where none is left.</returns>
    /// <exception cref="StageLostException">The source does not work for this generation, and has done nothing.</exception>
    Task<long?> Teach(int generation, Lesson lesson, long notBefore);

    /// <summary>Shows a lesson no more.</summary>
    /// <param name="number">In the order in which they were taken.</param>
    /// <returns>The first mini-batch that is without it.</returns>
    /// <exception cref="StageLostException">The source does not work for this generation, and has done nothing.</exception>
    Task<long> TakeBack(int generation, int number, long notBefore);

    /// <summary>Frees every stage of this generation and of older ones; one that was lost with its silo is no matter.</summary>
    /// <param name="layers">Of the run.</param>
    Task Close(int generation, int layers);

    /// <summary>Whether a stage of the run, or its coordinator, is on the silo.</summary>
    bool AreOn(SiloAddress silo);

    /// <summary>Whether the coordinator itself is on the silo.</summary>
    bool IsCoordinatorOn(SiloAddress silo);

    /// <summary>A sentence about silos that are gone with stages of the run; null where all are there.</summary>
    string? Lost();

    /// <summary>The silos that are there.</summary>
    IReadOnlyList<ActiveSilo> Silos();

    /// <summary>Names of the silos that are gone with layers of a plan, or with the source.</summary>
    IReadOnlyList<string> Gone(IReadOnlyList<LayerPlace> plan);

    /// <summary>
    /// Whether silos have been there for a while that were not when the stages were placed, or when <see cref="WouldGain"/> was last asked,
    /// or are gone since.
    /// </summary>
    bool AreSilosOthers();

    /// <summary>Whether the slowest silo would have at least a tenth less to do if the stages were placed anew.</summary>
    bool WouldGain(IReadOnlySet<SiloAddress> leaving);
}
