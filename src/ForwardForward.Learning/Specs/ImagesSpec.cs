using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public enum FigurePlacement
{
    Auto,
    Centred,
    Filling,
    AsIs,
}

/// <summary>What <c>images.scaling</c> may be.</summary>
internal static class PictureScaling
{
    public const string RootMeanSquare = "rootMeanSquare";
    public const string Standard = "standard";
}

public sealed record ImagesSpec
{
    [Description("Numbers of a point: 1 of grey pictures, 3 of coloured ones; filled in when the run starts.")]
    [Range(1, 4)]
    public int Channels { get; init; } = 1;

    [Description("Rows of a picture that is no square; 0: it is one; filled in when the run starts.")]
    [Range(0, 16_384)]
    public int Height { get; init; }

    [Description(
        "Names of the classes in the order of their numbers, with a slash between two; empty: they have none. Filled in when the run "
            + "starts where the data set has names. Changes no bit of the result."
    )]
    public string ClassNames { get; init; } = "";

    [Description(
        "How a picture's numbers become those of a row. rootMeanSquare: divided by it (Hinton 2022); standard: less their mean, and "
            + "divided by their deviation."
    )]
    [OneOf(PictureScaling.RootMeanSquare, PictureScaling.Standard)]
    public string Scaling { get; init; } = PictureScaling.RootMeanSquare;

    [Description(
        "Whether the data set stores rows of its pictures as columns, as EMNIST's files do: they are turned when they are "
            + "read, and so are IDX files that the network is asked about."
    )]
    public bool Transposed { get; init; }

    [Description(
        "How a picture of another size than the network's becomes one of its size when the network is asked about it. centred: "
            + "its figure alone, 20 of 28 pixels long, its centre of mass in the middle, as MNIST's; filling: its figure alone, as "
            + "large as fits, as Fashion-MNIST's; asIs: the whole picture, scaled; auto: as the data set's own pictures are, which "
            + "is measured when a run starts. Changes no bit of the result."
    )]
    public FigurePlacement Figures { get; init; }
}
