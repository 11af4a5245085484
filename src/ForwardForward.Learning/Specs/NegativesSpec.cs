using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

/// <summary>The built-in names; plug-ins have others.</summary>
internal static class NegativesKind
{
    public const string Hard = "hard";
    public const string Random = "random";
    public const string Hybrid = "hybrid";
}

public sealed record NegativesSpec
{
    [Description(
        "hard: wrong labels in proportion to the readout's probabilities; random: all wrong labels alike; hybrid: no labels at "
            + "all, two images mixed by a mask with large regions."
    )]
    [NamedIn(nameof(Seams.Negatives))]
    public string Kind { get; init; } = NegativesKind.Hard;

    [Description(
        "How many batches later a batch's positive and negative rows follow its neutral rows (hard negatives only): as many slots, "
            + "or, with signals from above, as many steps of a rise and its iterations; about twice the depth keeps the pipeline full."
    )]
    [Range(1, 1024)]
    public int Lag { get; init; } = 8;

    [Description("How often the random bits of a hybrid mask are blurred before they are cut at one half: more make larger regions.")]
    [Range(0, 100)]
    public int Blurs { get; init; } = 6;
}
