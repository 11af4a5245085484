using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

/// <summary>How pictures that are taught to a run while it trains enter it.</summary>
public sealed record TeachSpec
{
    [Description("In how many mini-batches a picture that is taught while the run trains is shown.")]
    [Range(1, 10_000)]
    public int Repeat { get; init; } = 32;

    [Description("From one mini-batch that shows a taught picture to the next one that does, if it has room.")]
    [Range(1, 10_000)]
    public int Every { get; init; } = 1;

    [Description("Largest share of a mini-batch whose training images give their places to taught pictures; at least one does.")]
    [Range(0.0, 0.5)]
    public double Share { get; init; } = 0.125;
}
