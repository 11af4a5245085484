namespace ForwardForward.Runtime.Placement;

/// <summary>A stage of a run is on no silo.</summary>
public sealed class StageLostException(string message) : Exception(message);
