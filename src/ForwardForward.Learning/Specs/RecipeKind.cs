namespace ForwardForward.Learning.Specs;

/// <summary>Built-in names of <c>recipe</c>.</summary>
internal static class RecipeKind
{
    /// <summary>Whichever the other fields ask for.</summary>
    public const string Auto = "auto";
    public const string Supervised = "supervised";
    public const string Unsupervised = "unsupervised";
    public const string TopDown = "topDown";
    public const string Backpropagation = "backpropagation";
    public const string Convolution = "convolution";
}
