using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Convolutions;

/// <summary>Temperature of the similarities of a contrast: a straight line down, then half a wave of a cosine (HCL-FF 2026).</summary>
/// <param name="Updates">Of the layer in one epoch.</param>
/// <param name="Epochs">Of the run.</param>
internal sealed record ContrastTemperature(GoodnessSpec Spec, int Updates, int Epochs)
{
    public Elementary Elementary { get; init; }

    /// <param name="update">Number of an update, from 1.</param>
    public double At(long update)
    {
        var epoch = (update - 1) / Updates;
        var falling = Epochs * Spec.ContrastFallShare;
        if (epoch < falling)
        {
            return Between(Spec.ContrastFirstTemperature, Spec.ContrastTemperature, epoch / falling);
        }

        var share = Math.Min(1, (epoch - falling) / Math.Max(1, Epochs - falling)); // a run that trains on is past its last epoch
        return Between(Spec.ContrastTemperature, Spec.ContrastLastTemperature, (1 - Elementary.CosineOfHalfTurns(share)) / 2);
    }

    private static double Between(double from, double to, double share) => from + ((to - from) * share);
}
