namespace ForwardForward.Learning.Goodnesses;

/// <summary>
/// What a layer raises on positive rows and lowers on negative ones, and how hard: a loss of each row's goodness. A layer follows its
/// gradient uphill, so that the likelihood grows. One is <see cref="ISquaresGoodness"/> or <see cref="IActivityGoodness"/>, which say what
/// the goodness is made of; both have to be pure functions of what they are given, the same on every machine.
/// </summary>
public interface IGoodness
{
    /// <summary>
    /// How hard a row is pulled: the slope of -loss by the row's goodness, positive where the goodness is to rise. The layer multiplies it
    /// with half of the slope of the goodness by the activity. A factor that is the same for all rows, as 1 / temperature, may be left to
    /// the learning rate (Hinton's code does).
    /// </summary>
    /// <param name="goodness">Of the row.</param>
    /// <param name="paired">Of the row of the other kind that belongs to it.</param>
    /// <param name="positive">Whether the row is a positive one.</param>
    float Pull(float goodness, float paired, bool positive);

    /// <summary>In nats, of one row.</summary>
    /// <inheritdoc cref="Pull"/>
    double Loss(float goodness, float paired, bool positive);
}
