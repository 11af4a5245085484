using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Training;
using ForwardForward.Learning;

namespace ForwardForward.Console.Sweeps;

/// <summary>Where the trials of a sweep run.</summary>
internal interface ITrials
{
    /// <summary>Brings a trial to its end: one that was cut short goes on, one of which nothing can be used begins anew.</summary>
    /// <param name="folder">Of its run.</param>
    /// <param name="view">Shows it.</param>
    /// <exception cref="InvalidInputException">It cannot be run.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted before it had begun, or is no longer watched.</exception>
    Task<RunSummary> Run(Trial trial, string folder, Func<RunProgress, IRunView> view, CancellationToken cancellation);
}
