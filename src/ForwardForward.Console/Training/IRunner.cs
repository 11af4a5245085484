using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Console.Training;

/// <summary>A way to run an experiment.</summary>
internal interface IRunner
{
    /// <summary>Silos that share the layers; 0 where there are none.</summary>
    int Silos { get; }

    /// <summary>Runs to the end.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="folder">Of the run's files.</param>
    /// <param name="request">Its spec's precision must be resolved.</param>
    /// <param name="update">Takes news a few times a second, one call at a time.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>Done or failed.</returns>
    /// <exception cref="OperationCanceledException">The run was ended before it was over.</exception>
    Task<RunStatus> Run(string run, string folder, RunRequest request, Action<RunUpdate> update, CancellationToken cancellation);
}
