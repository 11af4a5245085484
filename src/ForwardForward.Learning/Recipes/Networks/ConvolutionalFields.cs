using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes.Networks;

/// <summary>Fields of a spec that only convolutional layers look at.</summary>
internal static class ConvolutionalFields
{
    /// <exception cref="InvalidInputException">One of them is set for a network of another kind.</exception>
    public static void Check(ExperimentSpec spec, INetworkKind network)
    {
        if (spec.Convolutions.Count > 0 && network is not ConvolutionNetwork)
        {
            throw new InvalidInputException(
                $"convolutions: the recipe {Recipe.NameOf(spec)} has none; expected an empty list, or recipe {RecipeKind.Convolution} or "
                    + $"{RecipeKind.Auto}."
            );
        }

        var field =
            spec.Goodness.Contrast > 0 ? "goodness.contrast"
            : spec.Optimizer.Clip > 0 ? "optimizer.clip"
            : null;
        if (field is not null && network is not ConvolutionNetwork)
        {
            throw new InvalidInputException($"{field}: only convolutional layers have it; expected 0.");
        }
    }
}
