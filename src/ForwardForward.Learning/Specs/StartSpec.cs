using System.ComponentModel;

namespace ForwardForward.Learning.Specs;

public sealed record StartSpec
{
    [Description("File of weights to start from, as `ff export` writes it, on every silo at the same path; empty: random weights.")]
    public string Weights { get; init; } = "";

    [Description("SHA-256 of that file, in hexadecimal; filled in when the run starts.")]
    public string Sha256 { get; init; } = "";
}
