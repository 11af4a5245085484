using ForwardForward.Learning;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>What a network takes, and how a picture is fitted into it.</summary>
/// <param name="Shape">Grey, or with three channels.</param>
/// <param name="Figures">Not <see cref="FigurePlacement.Auto"/>; <see cref="FigurePlacement.AsIs"/> where pictures have colours or are not
/// square, since figures are found in grey ones and put into squares.</param>
/// <param name="IsAsked">
/// Whether that is somebody's wish, and not what the network's data are like: it then holds also for a picture of the network's size.
/// </param>
internal sealed record PictureFrame(PictureShape Shape, FigurePlacement Figures, bool IsAsked = false)
{
    /// <param name="side">Of grey pictures: pixels of a row, and rows.</param>
    public PictureFrame(int side, FigurePlacement figures, bool isAsked = false)
        : this(new PictureShape(side, side, 1), figures, isAsked) { }

    /// <summary>Of square pictures.</summary>
    public int Side => Shape.Width;

    public bool HasColours => Shape.Channels > 1;

    /// <param name="spec">Of the network.</param>
    /// <param name="pixels">Numbers that the network takes.</param>
    /// <param name="asked">How figures are placed, whatever the spec says.</param>
    /// <exception cref="InvalidInputException">
    /// It is not known which picture the network takes, or no figure can be placed in it and somebody asks for that.
    /// </exception>
    public static PictureFrame Of(ExperimentSpec spec, int pixels, FigurePlacement? asked = null)
    {
        if (PictureShape.Find(spec.Images, pixels) is not { Channels: 1 or ColourPicture.Channels } shape)
        {
            throw new InvalidInputException(
                $"The network takes images of {pixels} pixels, which are not square, expected them in an IDX file."
            );
        }

        if (shape.Channels == 1 && shape.Height == shape.Width)
        {
            return new PictureFrame(shape, asked ?? DataFigures.Of(spec), asked is not null);
        }

        return asked is null or FigurePlacement.AsIs
            ? new PictureFrame(shape, FigurePlacement.AsIs, asked is not null)
            : throw new InvalidInputException(
                $"The network takes pictures of {shape}, which are shown as a whole, expected no wish to place a figure in them."
            );
    }
}
