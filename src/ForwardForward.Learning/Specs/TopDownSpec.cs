using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public sealed record TopDownSpec
{
    [Description(
        "How often every layer takes in the states of both its neighbours for one batch, all layers at once, after one pass "
            + "from below; the label is above the top layer. 0: a feed-forward network, with the label in the picture."
    )]
    [Range(0, 100)]
    public int Iterations { get; init; }

    [Description("Share of its old state, before normalization, that a layer keeps in each iteration.")]
    [Range(0.0, 0.99)]
    public double Kept { get; init; } = 0.3;

    [Description(
        "How loud the label above the top layer is: the root mean square of its row, where that of a layer's states is 1. A "
            + "label is a few values beside as many as there are units, so at 1 the top layer hardly hears it."
    )]
    [Range(0.1, 100.0)]
    public double LabelStrength { get; init; } = 1;

    [Description("Batches that take turns, so that no layer waits for its neighbours' states of the iteration before.")]
    [Range(1, 64)]
    public int Interleaved { get; init; } = 4;

    [Description(
        "First iteration, from 1, that is learned from. In the first few what a lower layer hears from above does not know of "
            + "the label yet, and the same rows are good and bad."
    )]
    [Range(1, 100)]
    public int LearnFirst { get; init; } = 1;

    [Description("First iteration, from 1, whose goodness the goodness test counts.")]
    [Range(1, 100)]
    public int TestFirst { get; init; } = 3;

    [Description("Last iteration whose goodness the goodness test counts.")]
    [Range(1, 100)]
    public int TestLast { get; init; } = 5;

    /// <exception cref="InvalidInputException">The fields do not fit each other.</exception>
    internal void Check()
    {
        if (LearnFirst > Iterations)
        {
            throw new InvalidInputException($"topDown.learnFirst: {LearnFirst}; expected one of the {Iterations} iterations.");
        }

        if (TestFirst > TestLast || TestLast > Iterations)
        {
            throw new InvalidInputException(
                $"topDown.testFirst, topDown.testLast: {TestFirst} to {TestLast}; expected two of the {Iterations} iterations, in order."
            );
        }
    }
}
