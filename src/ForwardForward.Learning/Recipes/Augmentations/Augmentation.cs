using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes.Augmentations;

/// <summary>What a spec asks for, in the order in which it is done: first where pixels are, then their colours.</summary>
internal static class Augmentation
{
    public static IReadOnlyList<IAugmentation> Of(ExperimentSpec spec, PictureShape shape)
    {
        var (asked, seed) = (spec.Augmentation, spec.DrawSeed);
        return
        [
            .. If(asked.Crop > 0, () => new Crop(seed, shape, asked.Crop)),
            .. If(asked.Rotate > 0 || asked.Zoom > 0, () => new Turn(seed, shape, asked.Rotate, asked.Zoom)),
            .. If(asked.Flip > 0, () => new Flip(seed, shape, asked.Flip)),
            .. If(asked.Shift > 0, () => new Shift(seed, shape, asked.Shift)),
            .. If(asked.Colour > 0 || asked.Hue > 0, () => new ColourJitter(seed, asked)),
            .. If(asked.Grey > 0, () => new Grey(seed, asked.Grey)),
        ];
    }

    private static IEnumerable<IAugmentation> If(bool isAsked, Func<IAugmentation> make) => isAsked ? [make()] : [];
}
