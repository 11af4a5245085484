namespace ForwardForward.Learning.Goodnesses;

/// <summary>
/// A goodness that is a function of the sum of squares of a row's activity: the fast one, on which a layer may be in shards and have
/// signals from above.
/// </summary>
public interface ISquaresGoodness : IGoodness
{
    /// <param name="sumOfSquares">Of a row's activity, before normalization.</param>
    float Of(float sumOfSquares);
}
