using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Optimizers;

/// <summary>
/// An own way to learn: moves weights along the gradient of the log likelihood, upwards. The layers' own two do it in one pass with
/// everything else; this one sees a block of rows of a parameter at a time, and is asked from several threads at once, so it keeps nothing
/// but what it was made with.
/// </summary>
public interface IOptimizer
{
    /// <summary>
    /// Names of the values that it keeps of every weight, from 0 at the start; letters, digits and underscores. They are in hashes and
    /// checkpoints.
    /// </summary>
    IReadOnlyList<string> Moments { get; }

    /// <summary>Learns from one slot.</summary>
    void Step(in OptimizerRows rows);
}

/// <summary>Some rows of a parameter of a layer, while it learns.</summary>
public readonly ref struct OptimizerRows
{
    private readonly IReadOnlyList<Matrix> _moments;
    private readonly int _first;
    private readonly int _count;

    internal OptimizerRows(
        Matrix values,
        int first,
        ReadOnlySpan<float> gradient,
        IReadOnlyList<Matrix> moments,
        float decay,
        in UpdateStep step
    )
    {
        (_moments, _first, _count) = (moments, first, gradient.Length / values.Columns);
        Values = values.RowSpan<float>(first, _count);
        Gradient = gradient;
        Rate = step.Rate;
        WeightDecay = decay;
        Update = step.Update;
    }

    /// <summary>What is learned, fp32.</summary>
    public Span<float> Values { get; }

    /// <summary>Mean over the batch of the gradient of the log likelihood, for each of them.</summary>
    public ReadOnlySpan<float> Gradient { get; }

    /// <summary>Learning rate with the schedule applied.</summary>
    public float Rate { get; }

    /// <summary>Weight decay, to be multiplied by the rate; 0 for biases.</summary>
    public float WeightDecay { get; }

    /// <summary>Number of this update, from 1.</summary>
    public long Update { get; }

    /// <param name="index">Position in <see cref="IOptimizer.Moments"/>.</param>
    /// <returns>The kept value of each.</returns>
    public Span<float> Moment(int index) => _moments[index].RowSpan<float>(_first, _count);
}
