using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public sealed record AugmentationSpec
{
    [Description("Most pixels by which a training image is shifted along either side, drawn anew in every epoch; what comes in is black.")]
    [Range(0, 64)]
    public int Shift { get; init; }

    [Description("Share of the training images that are mirrored left to right, drawn anew in every epoch.")]
    [Range(0.0, 1.0)]
    public double Flip { get; init; }

    [Description("Most degrees by which a training image is turned either way, drawn anew in every epoch; what comes in is black.")]
    [Range(0.0, 180.0)]
    public double Rotate { get; init; }

    [Description("Most by which the size of a training image differs from 1, drawn anew in every epoch; what comes in is black.")]
    [Range(0.0, 0.9)]
    public double Zoom { get; init; }

    [Description(
        "Least share of its area that is left of a training image, of which a part, drawn anew in every epoch and from 3:4 to 4:3 in "
            + "shape, is shown as large as all of it was; 0: all is left."
    )]
    [Range(0.0, 1.0)]
    public double Crop { get; init; }

    [Description(
        "Most by which brightness, contrast and saturation of a coloured training image differ from 1, drawn anew in every epoch, each "
            + "by itself and in an order that is drawn too."
    )]
    [Range(0.0, 1.0)]
    public double Colour { get; init; }

    [Description("Most by which the hue of a coloured training image is turned either way, in whole turns of the circle of colours.")]
    [Range(0.0, 0.5)]
    public double Hue { get; init; }

    [Description("Share of the training images whose colours are changed by colour and hue.")]
    [Range(0.0, 1.0)]
    public double ColourShare { get; init; } = 1;

    [Description("Share of the coloured training images that are shown in grey, drawn anew in every epoch.")]
    [Range(0.0, 1.0)]
    public double Grey { get; init; }

    /// <exception cref="InvalidInputException">There is something to do that pictures of this kind have no room for.</exception>
    internal void Require(int height, int channels)
    {
        if (height <= 1 && (Flip > 0 || Rotate > 0 || Zoom > 0 || Crop > 0))
        {
            throw new InvalidInputException(
                "augmentation.flip, rotate, zoom, crop: rows of numbers whose shape nobody knows have no left and right; expected 0."
            );
        }

        if (channels != 3 && (Colour > 0 || Hue > 0 || Grey > 0))
        {
            throw new InvalidInputException(
                $"augmentation.colour, hue, grey: the pictures have {channels} {(channels == 1 ? "number" : "numbers")} for each pixel, "
                    + "and these change pictures of red, green and blue; expected 0."
            );
        }
    }
}
