using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>What a network takes, and how a picture is fitted into it.</summary>
/// <param name="Side">Pixels of a row, and rows.</param>
/// <param name="Figures">Not <see cref="FigurePlacement.Auto"/>.</param>
/// <param name="IsAsked">
/// Whether that is somebody's wish, and not what the network's data are like: it then holds also for a picture of the network's size.
/// </param>
internal sealed record PictureFrame(int Side, FigurePlacement Figures, bool IsAsked = false)
{
    /// <param name="spec">Of the network.</param>
    /// <param name="pixels">That the network takes.</param>
    /// <param name="asked">How figures are placed, whatever the spec says.</param>
    /// <exception cref="InvalidInputException">What the network takes is not square.</exception>
    public static PictureFrame Of(ExperimentSpec spec, int pixels, FigurePlacement? asked = null)
    {
        var side = (int)Math.Sqrt(pixels);
        return side * side == pixels
            ? new PictureFrame(side, asked ?? DataFigures.Of(spec), asked is not null)
            : throw new InvalidInputException(
                $"The network takes images of {pixels} pixels, which are not square, expected them in an IDX file."
            );
    }
}
