using ForwardForward.Learning;

namespace ForwardForward.Console.Sweeps;

/// <summary>
/// Successive halving (Jamieson, Talwalkar 2016) by thirds: all settings for a ninth of the epochs, the best third of them for a third,
/// and of those the best third for all. Every rung trains anew, with its whole schedule.
/// </summary>
internal static class Halving
{
    private const int Share = 3;
    private const int FewestEpochs = Share * Share;

    /// <summary>Epochs of each rung, the lowest first.</summary>
    /// <exception cref="InvalidInputException">They are too few to be divided.</exception>
    public static IReadOnlyList<int> Rungs(int epochs) =>
        epochs >= FewestEpochs
            ? [epochs / FewestEpochs, epochs / Share, epochs]
            : throw new InvalidInputException(
                $"--halving trains for a ninth of the epochs at first, and epochs is {epochs}, expected at least {FewestEpochs}."
            );

    /// <summary>Those that go up, in the order of their trials; none where none is done.</summary>
    public static IReadOnlyList<int> GoUp(Ranking rung, int settings) =>
        [.. rung.Standings.Where(one => one.IsDone).Take(Math.Max(1, settings / Share)).Select(one => one.Trial).Order()];
}
