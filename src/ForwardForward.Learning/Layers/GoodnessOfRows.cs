using ForwardForward.Learning.Goodnesses;

namespace ForwardForward.Learning.Layers;

/// <summary>The pulls of a slot's rows.</summary>
internal static class GoodnessOfRows
{
    // Beside a pull of 1 less than the last place of a number in fp32.
    private const float SmallestPull = 1f / (1 << 24);

    /// <summary>
    /// The pull of a learned row: by its goodness, or by the sum of its squares where the goodness is a function of it. One that is too
    /// small to count is none.
    /// </summary>
    /// <param name="goodness">Of all rows of the slot.</param>
    public static float Pull(this IGoodness objective, ReadOnlySpan<float> goodness, RowLayout layout, int row)
    {
        var pull = objective.Pull(goodness[row], goodness[layout.Paired(row)], row < layout.Positive);
        pull *= objective is ISquaresGoodness ofSquares ? ofSquares.Slope(goodness[row]) : 1;
        return MathF.Abs(pull) < SmallestPull ? 0 : pull;
    }
}
