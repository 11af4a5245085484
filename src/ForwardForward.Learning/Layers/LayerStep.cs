using System.Globalization;
using ForwardForward.Learning.Goodnesses;

namespace ForwardForward.Learning.Layers;

/// <summary>What one step of a layer measured before its update.</summary>
/// <param name="GoodnessPositive">Mean goodness of positive rows, per unit.</param>
/// <param name="GoodnessNegative">Mean goodness of negative rows, per unit.</param>
/// <param name="Loss">Mean -log p of the right answer, in nats.</param>
/// <param name="Pulling">Share of the learned rows that had a pull (<see cref="GoodnessOfRows.Pull"/>).</param>
internal readonly record struct LayerStep(double GoodnessPositive, double GoodnessNegative, double Loss, double Pulling = 1)
{
    /// <param name="goodness">Of the rows of the slot.</param>
    /// <param name="units">Of the layer.</param>
    public static LayerStep Of(ReadOnlySpan<float> goodness, RowLayout layout, IGoodness objective, int units)
    {
        double positive = 0,
            negative = 0,
            loss = 0,
            pulling = 0;
        for (var row = 0; row < layout.Learned; row++)
        {
            var isPositive = row < layout.Positive;
            loss += objective.Loss(goodness[row], goodness[layout.Paired(row)], isPositive);
            pulling += objective.Pull(goodness, layout, row) == 0 ? 0 : 1;
            _ = isPositive ? positive += goodness[row] : negative += goodness[row];
        }

        return new LayerStep(
            positive / layout.Positive / units,
            negative / layout.Negative / units,
            loss / layout.Learned,
            pulling / layout.Learned
        );
    }

    /// <summary>The mean over all copies of a layer, that have had as many rows each.</summary>
    public LayerStep OfAll(IAllReduce others, int replicas)
    {
        float[] sums = [(float)GoodnessPositive, (float)GoodnessNegative, (float)Loss, (float)Pulling];
        others.Sum(sums);
        return new LayerStep(sums[0] / replicas, sums[1] / replicas, sums[2] / replicas, sums[3] / replicas);
    }

    /// <summary>The same, where it consists of numbers.</summary>
    /// <exception cref="DivergedException">It does not.</exception>
    public LayerStep Require(int layer, double learningRate) =>
        double.IsFinite(Loss + GoodnessPositive + GoodnessNegative)
            ? this
            : throw new DivergedException(
                $"Layer {layer + 1}",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its goodness is {GoodnessPositive} on positive and {GoodnessNegative} on negative rows; lower "
                        + $"optimizer.learningRate ({learningRate})."
                )
            );
}
