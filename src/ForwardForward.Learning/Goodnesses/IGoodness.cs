namespace ForwardForward.Learning.Goodnesses;

/// <summary>
/// What a layer raises on positive rows and lowers on negative ones, and how hard: a loss of each row's goodness. A layer follows its gradient uphill, so that the
/// likelihood grows. One is <see cref="ISquaresGoodness"/> or <see cref="IActivityGoodness"/>, which say what the goodness is made of; both have to be pure functions
/// of what they are given, the same on every machine.
/// </summary>
public interface IGoodness
{
    /// <summary>
    /// Half the slope of -loss by the goodness of a row, times 2 / temperature at most: the factor 2 / temperature of the derivative is absorbed in the learning rate
    /// (Hinton's code). Positive where the goodness is to rise.
    /// </summary>
    /// <param name="goodness">Of the row.</param>
    /// <param name="paired">Of the row of the other kind that belongs to it.</param>
    /// <param name="positive">Whether the row is a positive one.</param>
    float Pull(float goodness, float paired, bool positive);

    /// <summary>In nats, of one row.</summary>
    /// <inheritdoc cref="Pull"/>
    double Loss(float goodness, float paired, bool positive);
}
