using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Data;

/// <summary>What a spec says of its pictures besides their number.</summary>
/// <param name="Height">Rows of a picture; at most 1 where rows of numbers are learned from, whose shape nobody knows.</param>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Channels">Numbers of a pixel.</param>
/// <param name="ClassNames">As a spec has them.</param>
internal sealed record DataDescription(int Height, int Width, int Channels, int Classes, string ClassNames)
{
    public static DataDescription Of(DataSet data) =>
        new(data.Train.Height, data.Train.Width, data.Train.Channels, data.Classes, Data.ClassNames.Join(data.ClassNames));

    /// <summary>
    /// The spec with everything filled in that it leaves open. Of grey square pictures without names that is nothing, so that specs are as
    /// they were before there were others.
    /// </summary>
    /// <exception cref="InvalidInputException">It says something else, or its network is not made for such pictures.</exception>
    public ExperimentSpec Fill(ExperimentSpec spec)
    {
        spec.Augmentation.Require(Height, Channels);
        spec = spec with { Images = spec.Images with { ClassNames = Names(spec.Images) } };
        if (Height <= 1)
        {
            return spec;
        }

        Require(spec.Images);
        RequireGrey(spec);
        return spec with { Images = spec.Images with { Channels = Channels, Height = Rows(spec.Images) } };
    }

    private int Rows(ImagesSpec images) => images.Height > 0 || Height != Width ? Height : 0;

    private string Names(ImagesSpec images) =>
        images.ClassNames.Length == 0 ? ClassNames
        : Data.ClassNames.Split(images.ClassNames)!.Count is var count && count == Classes ? images.ClassNames
        : throw new InvalidInputException($"images.classNames: {count} names for {Classes} classes; expected one for each, or none.");

    // 1 and 0 are the defaults, and say nothing.
    private void Require(ImagesSpec images)
    {
        if (images.Channels > 1 && images.Channels != Channels)
        {
            throw new InvalidInputException(
                $"images.channels: {images.Channels}, and the pictures have {Channels} for each pixel; expected {Channels}."
            );
        }

        if (images.Height > 0 && images.Height != Height)
        {
            throw new InvalidInputException($"images.height: {images.Height}, and the pictures have {Height} rows; expected {Height}.");
        }
    }

    private void RequireGrey(ExperimentSpec spec)
    {
        if (Channels == 1 || (!spec.Local.IsOn && spec.Backpropagation.Network != NetworkKind.Convolutional))
        {
            return;
        }

        var (field, other) = spec.Local.IsOn ? ("local.grid", "an empty list") : ("backpropagation.network", "none or perceptron");
        throw new InvalidInputException(
            $"{field}: such layers see squares of grey pictures, and these have {Channels} numbers for each pixel; expected {other}, or "
                + $"the recipe {RecipeKind.Convolution}."
        );
    }
}
