using System.Globalization;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Sweeps;

/// <summary>A sweep in words for people.</summary>
internal static class SweepWords
{
    /// <summary>As in "12 trials, 3 seeds each, judged by 10,000 training images that are held out".</summary>
    public static string Of(SweepPlan plan)
    {
        var seeds = plan.Seeds.Count > 1 ? $", {plan.Seeds.Count} seeds each" : "";
        var judged =
            plan.HoldOut > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{plan.HoldOut:#,0} training images that are held out")
                : "the test images";
        return $"{Texts.Count(plan.Trials.Count, "trial")}{seeds}, judged by {judged}";
    }

    /// <summary>As in "trial 3 of 12: optimizer.learningRate=0.02, seed 1: 1.62 % held out by goodness, 41 s".</summary>
    public static string Line(SweepPlan plan, TrialResult result) =>
        $"trial {result.Trial} of {plan.Trials.Count}: {Fields(result)}seed {result.Seed}"
        + $"{(plan.Halving ? $", {Texts.Count(result.Epochs, "epoch")}" : "")}: {Outcome(plan, result)}";

    /// <summary>As in "1.62 % held out by goodness".</summary>
    public static string Error(SweepPlan plan, double? error, bool byGoodness) =>
        $"{Texts.Percent(error)} {plan.Judged} {(byGoodness ? "by goodness" : "by the fast test")}";

    private static string Outcome(SweepPlan plan, TrialResult result)
    {
        var time = Texts.Duration(TimeSpan.FromSeconds(result.Seconds));
        return result.State switch
        {
            RunStates.Done =>
                $"{Error(plan, result.HeldOutErrorGoodness ?? result.HeldOutErrorFast, result.HeldOutErrorGoodness is not null)}, {time}"
                    + (result.Unkept is { } why ? $"; {why}" : ""),
            RunStates.Failed => $"failed: {result.Error}",
            var state => $"{state} after {time}",
        };
    }

    private static string Fields(TrialResult result) =>
        string.Concat(result.Fields.Select(field => $"{field.Key}={FieldPath.Text(field.Value)}, "));
}
