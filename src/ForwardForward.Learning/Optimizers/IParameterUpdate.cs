using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Optimizers;

/// <summary>How far one update goes.</summary>
/// <param name="Rate">Learning rate with the schedule applied.</param>
/// <param name="BatchSize">Rows that the gradient sums were taken over are divided by this.</param>
/// <param name="Update">Number of this update, from 1 (Adam's bias correction).</param>
internal readonly record struct UpdateStep(float Rate, int BatchSize, long Update);

/// <summary>
/// Moves one parameter along the gradient of the log likelihood (upwards). One pass over memory: gradient, moments, master weights and
/// their rounded copy together.
/// </summary>
internal interface IParameterUpdate : IDisposable
{
    /// <summary>Name and fp32 content of every moment it keeps; shapes are those of the parameter.</summary>
    IEnumerable<(string Name, Matrix Moment)> State { get; }

    /// <summary>
    /// Updates the rows from <paramref name="firstRow"/> on; <paramref name="gradient"/> holds sums over the batch for as many rows as it
    /// has.
    /// </summary>
    void Step<T, TElement>(int firstRow, ReadOnlySpan<T> gradient, in UpdateStep step)
        where T : unmanaged
        where TElement : struct, IElement<T>;
}
