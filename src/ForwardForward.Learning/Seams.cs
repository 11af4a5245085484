using ForwardForward.Learning.Goodnesses;
using ForwardForward.Learning.Negatives;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Backpropagation;
using ForwardForward.Learning.Recipes.Convolutions;
using ForwardForward.Learning.Recipes.Supervised;
using ForwardForward.Learning.Recipes.TopDown;
using ForwardForward.Learning.Recipes.Unsupervised;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning;

/// <summary>Where the algorithm can be extended without changing it: a spec names what stands in these registries.</summary>
public static class Seams
{
    /// <summary>What layers raise and lower, <c>goodness.kind</c>; made for a layer of so many units.</summary>
    public static Registry<Func<GoodnessSpec, int, IGoodness>> Goodness { get; } =
        new(
            "goodness",
            (GoodnessKind.SumOfSquares, (spec, units) => new SumOfSquares(spec, units)),
            (GoodnessKind.NegativeSumOfSquares, (spec, units) => new NegativeSumOfSquares(spec, units)),
            (GoodnessKind.Symba, (spec, _) => new SymBa(spec)),
            (GoodnessKind.Swish, (spec, _) => new Swish(spec))
        );

    /// <summary>What negative rows are, <c>negatives.kind</c>.</summary>
    public static Registry<Func<NegativesSpec, INegatives>> Negatives { get; } =
        new(
            "kind of negatives",
            (NegativesKind.Hard, _ => new HardLabels()),
            (NegativesKind.Random, _ => new RandomLabels()),
            (NegativesKind.Hybrid, spec => new HybridPictures(spec.Blurs))
        );

    /// <summary>
    /// How layers learn, <c>optimizer.kind</c>: those beside <see cref="OptimizerKind"/>'s, which are built into the layers.
    /// </summary>
    public static Registry<Func<OptimizerSpec, IOptimizer>> Optimizers { get; } =
        new(
            "optimizer",
            (OptimizerKind.AveragedGradient, _ => throw new NotSupportedException("It is built into the layers.")),
            (OptimizerKind.Adam, _ => throw new NotSupportedException("It is built into the layers."))
        );

    /// <summary>How networks are trained, <c>recipe</c>.</summary>
    public static Registry<Func<ExperimentSpec, IRecipe>> Recipes { get; } =
        new(
            "recipe",
            (RecipeKind.Supervised, spec => new SupervisedRecipe(spec)),
            (RecipeKind.Unsupervised, spec => new UnsupervisedRecipe(spec)),
            (RecipeKind.TopDown, spec => new TopDownRecipe(spec)),
            (RecipeKind.Backpropagation, spec => new BackpropagationRecipe(spec)),
            (RecipeKind.Convolution, spec => new ConvolutionRecipe(spec))
        );

    /// <summary>Everything that a spec may name, as field and name; what comes in with a plug-in is that plug-in's.</summary>
    internal static IReadOnlyList<string> Offered =>
        [
            .. Goodness.Names.Select(name => $"goodness.kind {name}"),
            .. Negatives.Names.Select(name => $"negatives.kind {name}"),
            .. Optimizers.Names.Select(name => $"optimizer.kind {name}"),
            .. Recipes.Names.Select(name => $"recipe {name}"),
            .. Presets.Names.Select(name => $"preset {name}"),
        ];
}
