using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>Share of the learning rate that is left in an epoch.</summary>
internal static class LearningRateSchedule
{
    /// <param name="spec">Of the run.</param>
    /// <param name="epoch">From 0.</param>
    /// <returns>Share of the learning rate.</returns>
    public static double Factor(ExperimentSpec spec, int epoch) =>
        Factor(spec.Optimizer with { IsPortable = spec.Precision == Precision.Portable }, epoch, spec.Epochs);

    /// <param name="epochs">In which anything is learned.</param>
    /// <inheritdoc cref="Factor(ExperimentSpec, int)"/>
    public static double Factor(OptimizerSpec optimizer, int epoch, int epochs) =>
        optimizer.Schedule switch
        {
            RateSchedule.Constant => 1,
            RateSchedule.Cosine when optimizer.IsPortable => Cosine(
                Series.SineAndCosine(180.0 * epoch / epochs).Cosine,
                optimizer.FinalShare
            ),
            RateSchedule.Cosine => Cosine(Math.Cos(Math.PI * epoch / epochs), optimizer.FinalShare),
            _ => HalfThenLinear(epoch, epochs),
        };

    /// <summary>Hinton's schedule: the full rate for the first half of the epochs, then linearly down to 1/epochs.</summary>
    public static double HalfThenLinear(int epoch, int epochs) =>
        epoch + 1 <= epochs / 2.0 ? 1 : (1 + (2.0 * (epochs - epoch - 1))) / epochs;

    // Loshchilov and Hutter 2016, equation 5, without restarts; the last epoch's rate is one step short of the final one.
    private static double Cosine(double wave, double final) => final + ((1 - final) * (1 + wave) / 2);
}
