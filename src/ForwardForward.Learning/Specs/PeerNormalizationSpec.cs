using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public sealed record PeerNormalizationSpec
{
    [Description("Strength with which units are pulled to the layer's mean activity; 0 turns it off.")]
    [Range(0.0, 1e3)]
    public double Strength { get; init; } = 0.03;

    [Description("Share of the old value in the running mean activity of a unit.")]
    [Range(0.0, 1.0)]
    public double Decay { get; init; } = 0.9;
}
