using System.Globalization;

namespace ForwardForward.Learning;

/// <summary>
/// What learns has come to numbers that are none. The same spec does so every time, at the same slot, so nobody need try again. The message
/// is one sentence: what, at which slot, what helps.
/// </summary>
/// <param name="what">That diverged, as the sentence begins: "Layer 2".</param>
/// <param name="how">What shows it, and what helps.</param>
/// <param name="slot">At which it did; null where that is not known yet.</param>
public sealed class DivergedException(string what, string how, long? slot = null)
    : InvalidOperationException(
        $"{what} has diverged{(slot is { } at ? string.Create(CultureInfo.InvariantCulture, $" at slot {at}") : "")}: {how}"
    )
{
    /// <summary>Null where it is not known yet.</summary>
    public long? Slot => slot;

    /// <summary>Whether it came from below: who made it says so too, and is to be heard first.</summary>
    internal bool IsEcho { get; private init; }

    /// <summary>The same, with the slot.</summary>
    internal DivergedException At(long slotOfIt, bool isEcho) => new(what, how, slotOfIt) { IsEcho = isEcho };
}
