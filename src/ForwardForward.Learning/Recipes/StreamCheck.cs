using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>What a stream can be learned by.</summary>
internal static class StreamCheck
{
    /// <exception cref="InvalidInputException">The run's other fields do not go with a stream.</exception>
    public static void Require(ExperimentSpec spec, IRecipe recipe)
    {
        if (spec.Stream && recipe.Iterations.Count > 0)
        {
            throw new InvalidInputException(
                $"stream: a top-down run learns mini-batches in groups (topDown.iterations is {spec.TopDown.Iterations}), and a stream may "
                    + "end within one; expected 0 iterations."
            );
        }

        if (spec.Stream && spec.Evaluation.Patience > 0)
        {
            throw new InvalidInputException(
                $"stream: it ends where its examples do, and evaluation.patience {spec.Evaluation.Patience} would end it before; "
                    + "expected 0."
            );
        }
    }

    /// <exception cref="InvalidInputException">A stream is there that the spec does not say, or is not there.</exception>
    public static void Require(ExperimentSpec spec, bool hasStream)
    {
        if (spec.Stream != hasStream)
        {
            throw new InvalidInputException(
                hasStream
                    ? "stream: false, but examples come from a stream; expected true."
                    : "stream: true, but no examples come from anywhere; expected --stream, or false."
            );
        }
    }
}
