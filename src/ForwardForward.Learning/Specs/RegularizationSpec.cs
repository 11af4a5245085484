using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public sealed record RegularizationSpec
{
    [Description(
        "Share of a layer's units that a training row leaves out, before goodness and normalization; those that stay count for "
            + "those that do not. Tests leave none out."
    )]
    [Range(0.0, 0.9)]
    public double Dropout { get; init; }

    [Description("Share of the pixels that a training image leaves out; label pixels stay.")]
    [Range(0.0, 0.9)]
    public double InputDropout { get; init; }
}
