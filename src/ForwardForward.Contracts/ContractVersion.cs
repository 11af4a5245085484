namespace ForwardForward.Contracts;

/// <summary>
/// Which silos can have one run together: those that understand each other's messages, records, specs and checkpoints of it.
/// </summary>
public static class ContractVersion
{
    /// <summary>
    /// Raised whenever a program of the version before could misunderstand what this one sends or keeps: another layout of slots, a call
    /// that means something else, a new field of a spec. A run is with silos of one number at a time and never goes back to a smaller one.
    /// A new metric, verb or sentence is no reason to raise it. What changes bits is told by the kernels' fingerprint besides.
    /// </summary>
    public const int Current = 4;
}
