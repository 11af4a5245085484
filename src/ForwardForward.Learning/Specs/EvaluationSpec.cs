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

    [Description(
        "The run ends early once so many fast tests one after the other were no better than the best before them, with the epoch after "
            + "the last of these; 0: never. It asks for holdOut, so that no test image decides."
    )]
    [Range(0, 100_000)]
    public int Patience { get; init; }
}
