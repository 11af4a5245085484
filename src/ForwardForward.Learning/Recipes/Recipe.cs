using ForwardForward.Learning.Negatives;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>The recipe that a spec asks for.</summary>
internal static class Recipe
{
    /// <summary>Built-in names of <c>recipe</c>; <see cref="Auto"/> is whichever the other fields ask for.</summary>
    public const string Auto = "auto";
    public const string Supervised = "supervised";
    public const string Unsupervised = "unsupervised";
    public const string TopDown = "topDown";
    public const string Backpropagation = "backpropagation";

    /// <exception cref="InvalidInputException">The spec names one that nobody knows, or negatives that nobody knows.</exception>
    public static IRecipe Of(ExperimentSpec spec) => Seams.Recipes.Get(NameOf(spec))(spec);

    /// <summary>The recipe's name where the spec leaves it to its other fields.</summary>
    public static string NameOf(ExperimentSpec spec) =>
        spec switch
        {
            { Recipe: not Auto } => spec.Recipe,
            { Backpropagation.Network: not NetworkKind.None } => Backpropagation,
            { TopDown.Iterations: > 0 } => TopDown,
            _ => Seams.Negatives.Get(spec.Negatives.Kind)(spec.Negatives) is INegativePictures ? Unsupervised : Supervised,
        };
}
