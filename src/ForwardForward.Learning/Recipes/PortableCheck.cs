using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static System.FormattableString;

namespace ForwardForward.Learning.Recipes;

/// <summary>What cannot be said in portable precision, whose rows between layers of units are sixteenths from 0 to 255.</summary>
internal static class PortableCheck
{
    /// <exception cref="InvalidInputException">The spec asks for it all the same.</exception>
    public static void Require(ExperimentSpec spec, int classes)
    {
        if (spec.Precision != Precision.Portable)
        {
            return;
        }

        if (spec.Backpropagation.Network != NetworkKind.None)
        {
            throw new InvalidInputException(
                "precision: portable is for layers that learn from their own goodness, without backpropagation; expected fp32, bf16 or "
                    + "auto."
            );
        }

        if (spec.Convolutions.Count > 0)
        {
            return;
        }

        if (spec.Images.Scaling == PictureScaling.Standard)
        {
            throw new InvalidInputException(
                $"images.scaling: {PictureScaling.Standard} makes dark pixels negative, and the rows of portable precision are not; "
                    + $"expected {PictureScaling.RootMeanSquare}."
            );
        }

        var loudest = (double)SixteenthsElement.Largest / SixteenthsElement.Steps / Math.Sqrt(classes);
        if (spec.TopDown.Iterations > 0 && spec.TopDown.LabelStrength > loudest)
        {
            throw new InvalidInputException(
                Invariant($"topDown.labelStrength: {spec.TopDown.LabelStrength} is louder than the rows of portable precision can be with ")
                    + Invariant($"{classes} classes; expected at most {loudest:0.##}.")
            );
        }
    }
}
