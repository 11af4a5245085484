namespace ForwardForward.Learning.Goodnesses;

/// <summary>
/// A goodness that is a function of the sum of squares of a row's activity: the fast one, on which a layer may be in shards and have
/// signals from above.
/// </summary>
public interface ISquaresGoodness : IGoodness
{
    /// <param name="sumOfSquares">Of a row's activity, before normalization.</param>
    float Of(float sumOfSquares);

    /// <summary>The derivative of <see cref="Of"/> by the sum of squares; 1 where the goodness is that sum.</summary>
    /// <param name="goodness">That of the row, as <see cref="Of"/> gave it.</param>
    float Slope(float goodness) => 1;
}
