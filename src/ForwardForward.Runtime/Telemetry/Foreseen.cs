using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Streams;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Telemetry;

/// <summary>Tells failures whose sentence says all from bugs, of which one wants to know where they are.</summary>
internal static class Foreseen
{
    public static bool Is(Exception e) =>
        e
            is OrleansException
                or TimeoutException
                or OperationCanceledException
                or IOException
                or StageLostException
                or InvalidInputException
                or BusyException
                or CheckpointException
                or DivergedException
                or PluginFailedException
                or StreamTooShortException;
}
