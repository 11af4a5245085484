using System.Globalization;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

internal enum CollapseKind
{
    /// <summary>The units of a layer answer nothing.</summary>
    DeadUnits,

    /// <summary>Positive and negative rows have the same goodness.</summary>
    NoSeparation,

    /// <summary>The network errs as if it did not look.</summary>
    ErrorAtChance,
}

/// <param name="Sentence">What was measured, and what usually helps.</param>
internal sealed record CollapseWarning(CollapseKind Kind, string Sentence);

/// <summary>What a run has measured last.</summary>
/// <param name="Layers">From the bottom up; null of a layer that has not measured yet.</param>
/// <param name="Test">Null before the first.</param>
/// <param name="ErrorAtChance">Of naming the most frequent class of the test images every time, as a fraction.</param>
/// <param name="TestImages">That were tested on.</param>
internal sealed record LastMeasured(IReadOnlyList<LayerMeasurement?> Layers, Evaluation? Test, double ErrorAtChance, int TestImages);

/// <summary>Tells a network that does not learn from one that has only begun. A pure function of what was measured.</summary>
internal static class Collapse
{
    // Goodness per unit, as a share of the threshold: a new layer has half of it.
    private const double MinGoodness = 1e-3;

    // Relative gap of the goodness of positive and negative rows, and nats as a share of the threshold: what learned has several times the
    // one and little of the other.
    private const double MinGap = 0.01;
    private const double MaxLoss = 0.1;

    // A layer of many finds its way in its first thousand steps, and may be anywhere before.
    private const int StepsBeforeAWord = 1000;

    /// <returns>None where nothing speaks against the run.</returns>
    public static IReadOnlyList<CollapseWarning> Of(ExperimentSpec spec, LastMeasured last)
    {
        var recipe = Recipe.Of(spec);
        var layers = recipe.Network.LearnsAsWhole ? [] : last.Layers.OfType<LayerMeasurement>().ToList();
        var counting = recipe.Network.Stages.Featured.Select(i => layers.Find(layer => layer.Layer == i + 1)).ToList();
        CollapseWarning?[] found =
        [
            layers.Where(layer => IsDead(spec, layer)).ToList() is { Count: > 0 } dead ? Dead(spec, dead) : null,
            IsAtChance(spec, last) ? AtChance(spec, last)
            : IsUnseparated(spec, last, counting) ? Unseparated(spec, last, counting[^1])
            : null,
        ];
        return [.. found.OfType<CollapseWarning>()];
    }

    /// <summary>Error of naming the most frequent class every time, which is all that can be reached without looking.</summary>
    /// <param name="labels">Of the test images.</param>
    public static double ErrorOfTheMostFrequent(IReadOnlyCollection<byte> labels) =>
        labels.Count == 0 ? 1 : 1 - (labels.CountBy(label => label).Max(one => one.Value) / (double)labels.Count);

    private static bool HasThreshold(ExperimentSpec spec) =>
        spec.Goodness.Kind is GoodnessKind.SumOfSquares or GoodnessKind.NegativeSumOfSquares;

    private static bool IsDead(ExperimentSpec spec, LayerMeasurement layer) =>
        Most(layer) < MinGoodness * (HasThreshold(spec) ? Math.Min(1, spec.Goodness.ThresholdPerUnit) : MinGoodness);

    private static double Most(LayerMeasurement layer) => Math.Max(Math.Abs(layer.GoodnessPositive), Math.Abs(layer.GoodnessNegative));

    private static bool IsLate(ExperimentSpec spec, long slot, int epoch) =>
        epoch >= 2 && slot >= StepsBeforeAWord * (spec.TopDown.Iterations + 1);

    // Chance itself varies with the images that happen to be tested on.
    private static bool IsAtChance(LastMeasured last, double error) =>
        error >= last.ErrorAtChance - Math.Sqrt(last.ErrorAtChance * (1 - last.ErrorAtChance) / Math.Max(1, last.TestImages));

    private static bool IsToBeHeard(ExperimentSpec spec, LastMeasured last) =>
        last.Test is { } test && (test.Epoch >= spec.Epochs || IsLate(spec, test.Slot, test.Epoch));

    private static bool IsAtChance(ExperimentSpec spec, LastMeasured last) =>
        IsToBeHeard(spec, last) && Errors(last.Test!).All(error => IsAtChance(last, error)) && Errors(last.Test!).Any();

    private static IEnumerable<double> Errors(Evaluation test) => new[] { test.ErrorFast, test.ErrorGoodness }.OfType<double>();

    private static bool IsUnseparated(ExperimentSpec spec, LastMeasured last, List<LayerMeasurement?> counting) =>
        last.Test?.ErrorGoodness is { } error
            ? IsToBeHeard(spec, last) && IsAtChance(last, error)
            : counting.All(layer => layer is not null && IsLate(spec, layer.Slot, layer.Epoch) && IsUnseparated(spec, layer));

    private static bool IsUnseparated(ExperimentSpec spec, LayerMeasurement layer)
    {
        var gap = Math.Abs(layer.GoodnessPositive - layer.GoodnessNegative) / Math.Max(Most(layer), double.Epsilon);
        return gap < MinGap && (!HasThreshold(spec) || layer.Loss > MaxLoss * Threshold(spec, layer) / spec.Goodness.Temperature);
    }

    private static double Threshold(ExperimentSpec spec, LayerMeasurement layer) =>
        spec.Goodness.ThresholdPerUnit * spec.Layers[layer.Layer - 1];

    private static CollapseWarning Dead(ExperimentSpec spec, List<LayerMeasurement> dead) =>
        new(
            CollapseKind.DeadUnits,
            $"{Named(dead)} units answer nothing, goodness {Goodness(dead[^1])}. What usually helps: {Rate(spec, "a smaller")}, "
                + "and peerNormalization.strength above 0, which revives units."
        );

    private static string Named(List<LayerMeasurement> dead) =>
        dead.Count == 1
            ? $"Layer {dead[0].Layer} is dead: its"
            : $"Layers {string.Join(", ", dead.SkipLast(1).Select(layer => layer.Layer))} and {dead[^1].Layer} are dead: their";

    private static CollapseWarning AtChance(ExperimentSpec spec, LastMeasured last)
    {
        string?[] tests =
        [
            last.Test!.ErrorFast is { } fast ? $"the fast test errs on {Percent(fast)}" : null,
            last.Test.ErrorGoodness is { } goodness ? $"the goodness test errs on {Percent(goodness)}" : null,
        ];
        var most = $"naming the most frequent class every time would err on {Percent(last.ErrorAtChance)}";
        return new CollapseWarning(
            CollapseKind.ErrorAtChance,
            $"The network has learned nothing: {string.Join(" and ", tests.OfType<string>())} of the test images, and {most}. "
                + $"What usually helps: {MoreTime(spec, last)}{Rate(spec, "another")} (smaller where goodness jumps or is 0, "
                + "larger where it stands still), "
                + "and a look at whether the labels belong to the images."
        );
    }

    private static CollapseWarning Unseparated(ExperimentSpec spec, LastMeasured last, LayerMeasurement? top)
    {
        var layer = top is null ? "" : $": layer {top.Layer} has {Goodness(top)}";
        var test = last.Test?.ErrorGoodness is { } error ? $", and the goodness test errs on {Percent(error)} of the test images" : "";
        return new CollapseWarning(
            CollapseKind.NoSeparation,
            $"Goodness does not tell right from wrong{layer}{test}. "
                + $"What usually helps: {MoreTime(spec, last)}{Rate(spec, "a larger")}, or a smaller one where goodness jumps."
        );
    }

    private static string MoreTime(ExperimentSpec spec, LastMeasured last) =>
        last.Test is { } test && !IsLate(spec, test.Slot, test.Epoch) ? "more epochs, since it has had few steps, and " : "";

    private static string Goodness(LayerMeasurement layer) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{layer.GoodnessPositive:0.000} of positive rows against {layer.GoodnessNegative:0.000} of negative ones"
        );

    private static string Rate(ExperimentSpec spec, string which) =>
        string.Create(CultureInfo.InvariantCulture, $"{which} optimizer.learningRate than {spec.Optimizer.LearningRate}");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
