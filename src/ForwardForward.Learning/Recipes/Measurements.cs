namespace ForwardForward.Learning.Recipes;

/// <summary>What a layer measured over the updates since its last measurement; means per row.</summary>
/// <param name="Layer">From 1.</param>
/// <param name="Slot">The slot that completed the measurement.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="GoodnessPositive">Mean goodness of positive rows, per unit.</param>
/// <param name="GoodnessNegative">Mean goodness of negative rows, per unit.</param>
/// <param name="Loss">Mean -log p of the right answer, in nats.</param>
/// <param name="Pulling">Share of the learned rows that had a pull: the others are in no product.</param>
public sealed record LayerMeasurement(
    int Layer,
    long Slot,
    int Epoch,
    double GoodnessPositive,
    double GoodnessNegative,
    double Loss,
    double Pulling = 1
);

/// <summary>Test errors as fractions; null where that test was not part of this evaluation.</summary>
/// <param name="Slot">The slot that completed the evaluation.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="ErrorFast">Neutral label, one pass, readout.</param>
/// <param name="ErrorGoodness">Every label in turn, goodness summed over the layers that count.</param>
public sealed record Evaluation(long Slot, int Epoch, double? ErrorFast, double? ErrorGoodness)
{
    /// <summary>
    /// What each layer alone errs on, by its own goodness, from the bottom up; empty where that was not tested, or no layer can tell.
    /// </summary>
    public IReadOnlyList<double> OwnErrors { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(Evaluation? other) =>
        other is not null
        && (Slot, Epoch, ErrorFast, ErrorGoodness) == (other.Slot, other.Epoch, other.ErrorFast, other.ErrorGoodness)
        && OwnErrors.SequenceEqual(other.OwnErrors);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Slot, Epoch, ErrorFast, ErrorGoodness);
}
