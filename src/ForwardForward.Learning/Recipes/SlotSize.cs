using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static System.FormattableString;

namespace ForwardForward.Learning.Recipes;

/// <summary>Bytes of a run's largest slot, which spec and data tell before anything of that size is made.</summary>
internal static class SlotSize
{
    /// <summary>
    /// Refuses a run whose pictures have another size than its squares cover, or whose slots cannot be held as one piece of memory.
    /// </summary>
    /// <param name="pixels">Width of the pictures.</param>
    /// <exception cref="InvalidInputException">A slot is too large, or pictures are not covered; the sentence has the numbers.</exception>
    public static void Require(ExperimentSpec spec, SlotPlan plan, int pixels)
    {
        spec.Local.RequirePictures(pixels);
        var (width, where) = Widest(spec, pixels, plan.Classes);
        // unresolved it may be the smaller
        var element = spec.Precision == Precision.Auto ? sizeof(ushort) : RowPrecision.Of(spec).ElementBytes();
        var bytes = (long)plan.MaxRows * width * element;
        if (bytes <= Activations.MaxBytes)
        {
            return;
        }

        var rows =
            plan.MaxRows > 3L * spec.BatchSize
                ? Invariant($"{plan.MaxRows} rows of test candidates")
                : Invariant($"{plan.MaxRows} rows, three for each image of batchSize {spec.BatchSize}");
        throw new InvalidInputException(
            Invariant($"A slot has {rows}, and with {where} that is {bytes} bytes, expected at most {Activations.MaxBytes}: ")
                + "a smaller batchSize, or fewer units or pixels."
        );
    }

    // What rows of a slot are as wide as: a picture, or a layer.
    private static (int Width, string Where) Widest(ExperimentSpec spec, int pixels, int classes)
    {
        return Recipe
            .Of(spec)
            .Network.Widths(pixels, classes)
            .Prepend((Width: pixels, Name: Invariant($"pictures of {pixels} pixels")))
            .MaxBy(candidate => candidate.Width);
    }
}
