using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public sealed record EvaluationSpec
{
    [Description("The fast test (neutral label, one pass, readout) runs every so many epochs, and at the end; 0 means at the end only.")]
    [Range(0, 100_000)]
    public int FastEvery { get; init; } = 1;

    [Description("The goodness test (every label in turn) runs every so many epochs, and at the end; 0 means at the end only.")]
    [Range(0, 100_000)]
    public int GoodnessEvery { get; init; } = 10;
}
