namespace ForwardForward.Learning.Recipes;

/// <summary>Hinton's schedule: the full rate for the first half of the epochs, then linearly down to 1/epochs.</summary>
internal static class LearningRateSchedule
{
    /// <param name="epoch">From 0.</param>
    /// <param name="epochs">Epochs of the run.</param>
    /// <returns>Share of the learning rate.</returns>
    public static double Factor(int epoch, int epochs) => epoch + 1 <= epochs / 2.0 ? 1 : (1 + (2.0 * (epochs - epoch - 1))) / epochs;
}
