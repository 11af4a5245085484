namespace ForwardForward.Learning.Specs;

/// <summary>A field that takes one of the names in a registry.</summary>
/// <param name="seam">Name of a property of <see cref="Seams"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NamedInAttribute(string seam) : Attribute
{
    /// <summary>Read anew each time: a plug-in may have come in between.</summary>
    public IReadOnlyList<string> Names =>
        seam switch
        {
            nameof(Seams.Goodness) => Seams.Goodness.Names,
            nameof(Seams.Negatives) => Seams.Negatives.Names,
            nameof(Seams.Optimizers) => Seams.Optimizers.Names,
            nameof(Seams.Recipes) => [RecipeKind.Auto, .. Seams.Recipes.Names],
            _ => throw new NotSupportedException($"There is no seam {seam}."),
        };
}
