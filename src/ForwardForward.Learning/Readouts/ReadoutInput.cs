namespace ForwardForward.Learning.Readouts;

/// <summary>Units of one layer that the readout sees.</summary>
/// <param name="Layer">Position, from 0.</param>
/// <param name="First">The first of the units.</param>
/// <param name="Units">How many they are.</param>
internal readonly record struct ReadoutInput(int Layer, int First, int Units);
