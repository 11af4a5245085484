using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public sealed record StartSpec
{
    [Description("File of weights to start from, as `ff export` writes it, on every silo at the same path; empty: random weights.")]
    public string Weights { get; init; } = "";

    [Description(
        "File of a run's whole state, optimizers and means included, to train on from, as `ff train --from` writes it, on every silo at "
            + "the same path; empty: none."
    )]
    public string State { get; init; } = "";

    [Description("Epochs that this state has behind it: random draws are others than in these, and optimizers count on.")]
    [Range(0, 10_000_000)]
    public int Epochs { get; init; }

    [Description("SHA-256 of that file, in hexadecimal; filled in when the run starts.")]
    public string Sha256 { get; init; } = "";

    /// <summary>The file that a run starts from; empty: none.</summary>
    internal string File => Weights.Length > 0 ? Weights : State;
}
