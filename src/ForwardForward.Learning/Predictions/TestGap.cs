using System.Globalization;

namespace ForwardForward.Learning.Predictions;

/// <summary>What it means when the two tests of a network contradict each other.</summary>
internal static class TestGap
{
    private const double MinDifference = 0.05;
    private const double MinRatio = 2;

    /// <param name="fast">Error of the fast test, as a fraction.</param>
    /// <param name="goodness">Error of the goodness test.</param>
    /// <returns>A sentence; null where they agree, or where there is only one.</returns>
    public static string? Sentence(double? fast, double? goodness) =>
        (fast, goodness) switch
        {
            ({ } f, { } g) when !IsWide(f, g) => null,
            ({ } f, { } g) when f > g =>
                $"The tests contradict each other ({Percent(f)} fast, {Percent(g)} by goodness): the layers tell right labels "
                    + "from wrong ones, but the readout does not read them well. "
                    + "Usually a smaller optimizer.learningRate or readout.learningRate helps, since the readout lags behind "
                    + "layers that change fast.",
            ({ } f, { } g) =>
                $"The tests contradict each other ({Percent(f)} fast, {Percent(g)} by goodness): the readout reads the layers "
                    + "well, but their goodness does not tell right labels from wrong ones yet. "
                    + "Usually more epochs or a larger optimizer.learningRate helps.",
            _ => null,
        };

    private static bool IsWide(double fast, double goodness) =>
        Math.Abs(fast - goodness) >= MinDifference && Math.Max(fast, goodness) >= MinRatio * Math.Min(fast, goodness);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
