namespace ForwardForward.Learning.Goodnesses;

/// <summary>
/// A goodness that is made of what every unit does. Its gradient stays in the layer; it costs a pass over the activity of the rows more
/// than <see cref="ISquaresGoodness"/>. Layers with it are whole (no shards) and have no signals from above.
/// </summary>
public interface IActivityGoodness : IGoodness
{
    /// <param name="activity">Of one row, y = max(0, W x + b) before normalization, one value for each unit.</param>
    float Of(ReadOnlySpan<float> activity);

    /// <summary>Writes the derivative of the goodness by the activity of each unit; units that are off have no part in it.</summary>
    /// <param name="activity">Of one row.</param>
    /// <param name="slope">One value for each unit. The sum of squares would write 2 y here.</param>
    void Slope(ReadOnlySpan<float> activity, Span<float> slope);
}
