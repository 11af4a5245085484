using System.ComponentModel;

namespace ForwardForward.Learning.Specs;

public enum FigurePlacement
{
    Auto,
    Centred,
    Filling,
    AsIs,
}

public sealed record ImagesSpec
{
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
