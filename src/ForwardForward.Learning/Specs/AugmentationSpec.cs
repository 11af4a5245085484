using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public sealed record AugmentationSpec
{
    [Description("Most pixels by which a training image is shifted along either side, drawn anew in every epoch; what comes in is black.")]
    [Range(0, 64)]
    public int Shift { get; init; }
}
