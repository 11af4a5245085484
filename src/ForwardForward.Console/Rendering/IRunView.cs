using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Console.Rendering;

/// <summary>Shows a run while it goes on.</summary>
internal interface IRunView
{
    /// <param name="run">Runs it, and hands over each piece of news once the progress holds it.</param>
    Task<RunStatus> During(Func<Action<RunUpdate>, Task<RunStatus>> run);
}
