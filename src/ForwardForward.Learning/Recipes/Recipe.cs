using ForwardForward.Learning.Negatives;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>The recipe that a spec asks for.</summary>
internal static class Recipe
{
    /// <exception cref="InvalidInputException">The spec names one that nobody knows, or negatives that nobody knows.</exception>
    public static IRecipe Of(ExperimentSpec spec) => Seams.Recipes.Get(NameOf(spec))(spec);

    /// <summary>The recipe's name where the spec leaves it to its other fields.</summary>
    public static string NameOf(ExperimentSpec spec) =>
        spec switch
        {
            { Recipe: not RecipeKind.Auto } => spec.Recipe,
            { Backpropagation.Network: not NetworkKind.None } => RecipeKind.Backpropagation,
            { Convolutions.Count: > 0 } => RecipeKind.Convolution,
            { TopDown.Iterations: > 0 } => RecipeKind.TopDown,
            _ => Seams.Negatives.Get(spec.Negatives.Kind)(spec.Negatives) is INegativePictures
                ? RecipeKind.Unsupervised
                : RecipeKind.Supervised,
        };
}
