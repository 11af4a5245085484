using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>Share of the learning rate that is left in an epoch.</summary>
internal static class LearningRateSchedule
{
    /// <param name="spec">Of the run.</param>
    /// <param name="epoch">From 0.</param>
    /// <returns>Share of the learning rate.</returns>
    public static double Factor(ExperimentSpec spec, int epoch) => Factor(spec.Optimizer, epoch, spec.Epochs);

    /// <param name="epochs">In which anything is learned.</param>
    /// <inheritdoc cref="Factor(ExperimentSpec, int)"/>
    public static double Factor(OptimizerSpec optimizer, int epoch, int epochs) =>
        optimizer.Schedule switch
        {
            RateSchedule.Constant => 1,
            RateSchedule.Cosine => Cosine(epoch, epochs, optimizer.FinalShare),
            _ => HalfThenLinear(epoch, epochs),
        };

    /// <summary>Hinton's schedule: the full rate for the first half of the epochs, then linearly down to 1/epochs.</summary>
    public static double HalfThenLinear(int epoch, int epochs) =>
        epoch + 1 <= epochs / 2.0 ? 1 : (1 + (2.0 * (epochs - epoch - 1))) / epochs;

    // Loshchilov and Hutter 2016, equation 5, without restarts; the last epoch's rate is one step short of the final one.
    private static double Cosine(int epoch, int epochs, double final) =>
        final + ((1 - final) * (1 + Math.Cos(Math.PI * epoch / epochs)) / 2);
}
