using ForwardForward.Learning;

namespace ForwardForward.Contracts.Experiments;

/// <summary>A run of this name ran or runs already.</summary>
public sealed class RunExistsException(string message) : InvalidInputException(message)
{
    public static RunExistsException Named(string run) => new($"There is a run named '{run}' already; choose another name.");
}
