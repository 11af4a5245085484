using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// Whether a run begins another epoch (Prechelt 1998). An epoch asks for the test of the one before the last, so that a pipeline seldom
/// has to wait for an answer, and all ways to run an experiment end after the same slot.
/// </summary>
internal static class EarlyStopping
{
    private const int EpochsBehind = 2;

    /// <exception cref="InvalidInputException">There are no held-out images, or not a test for every epoch.</exception>
    public static void Check(ExperimentSpec spec)
    {
        if (spec.Evaluation.Patience > 0 && spec.HoldOut == 0)
        {
            throw new InvalidInputException(
                $"evaluation.patience: {spec.Evaluation.Patience} lets tests end the run, and with holdOut 0 these are on test images; "
                    + "expected holdOut above 0."
            );
        }

        if (spec.Evaluation is { Patience: > 0, FastEvery: not 1 })
        {
            throw new InvalidInputException(
                $"evaluation.patience: {spec.Evaluation.Patience} counts the fast test of every epoch, and evaluation.fastEvery is "
                    + $"{spec.Evaluation.FastEvery}; expected 1."
            );
        }
    }

    /// <param name="epoch">That would begin, from 0.</param>
    /// <param name="tests">All so far, in order.</param>
    /// <returns>Null where that is not known yet: the test that it depends on has not come.</returns>
    public static bool? Begins(ExperimentSpec spec, int epoch, IEnumerable<Evaluation> tests)
    {
        var needed = epoch + 1 - EpochsBehind;
        if (spec.Evaluation.Patience == 0 || needed < 1)
        {
            return true;
        }

        var errors = tests.Where(test => test.ErrorFast is not null).Select(test => test.ErrorFast!.Value).Take(needed).ToList();
        return errors.Count < needed ? null : needed - 1 - errors.IndexOf(errors.Min()) < spec.Evaluation.Patience;
    }
}
