using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Negatives;

/// <summary>A negative row is the positive row's picture with a wrong label (Hinton 2022, section 3.3).</summary>
public interface IWrongLabels : INegatives
{
    /// <summary>
    /// Whether <see cref="Draw"/> looks at the readout's probabilities. Then a batch is learned from <c>negatives.lag</c> slots after the
    /// readout has read it.
    /// </summary>
    bool NeedsProbabilities { get; }

    /// <summary>Draws a wrong label.</summary>
    /// <param name="trueClass">From 0; never drawn.</param>
    /// <param name="classes">How many there are.</param>
    /// <param name="probabilities">The readout's, of this picture, one for each class; empty where they are not needed.</param>
    /// <param name="random">A stream that seed and batch fix; the pictures of a batch draw from it in order.</param>
    byte Draw(int trueClass, int classes, ReadOnlySpan<float> probabilities, ref KeyedRandom random);
}

/// <summary>Every wrong class alike.</summary>
internal sealed class RandomLabels : IWrongLabels
{
    public bool NeedsProbabilities => false;

    public byte Draw(int trueClass, int classes, ReadOnlySpan<float> probabilities, ref KeyedRandom random) =>
        NegativeLabels.Random(trueClass, classes, ref random);
}

/// <summary>In proportion to the readout's probabilities.</summary>
internal sealed class HardLabels : IWrongLabels
{
    public bool NeedsProbabilities => true;

    public byte Draw(int trueClass, int classes, ReadOnlySpan<float> probabilities, ref KeyedRandom random) =>
        NegativeLabels.Hard(trueClass, probabilities, ref random);
}
