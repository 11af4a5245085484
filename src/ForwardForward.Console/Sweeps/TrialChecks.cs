using ForwardForward.Console.Training;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Sweeps;

/// <summary>Holds every trial of a sweep against its data before the first one is trained.</summary>
/// <param name="sets">Keep what was opened.</param>
/// <param name="atOnce">Trials that train at the same time.</param>
/// <param name="report">Takes a line per step of a download.</param>
/// <param name="cancellation">Ends a download.</param>
internal sealed class TrialChecks(DataSets sets, int atOnce, Action<string> report, CancellationToken cancellation)
{
    private readonly Dictionary<string, string> _opened = []; // SHA-256 by name
    private readonly Dictionary<string, Precision> _measured = [];

    /// <summary>Whether a cluster trains, whose silos have the data.</summary>
    public bool IsElsewhere { get; init; }

    /// <exception cref="InvalidInputException">The data cannot be used, or are not to be fetched because a cluster has them.</exception>
    public int TrainImages(string dataset) =>
        IsElsewhere && !sets.IsHere(dataset)
            ? throw new InvalidInputException(
                $"--hold-out is missing: how many images '{dataset}' has is not known here, expected a number, or --test."
            )
            : Opened(sets.Open(dataset, report, cancellation)).Train.Count;

    /// <summary>The plan with what its data and this machine say.</summary>
    /// <exception cref="InvalidInputException">A trial cannot be run; the sentence says which.</exception>
    public SweepPlan Settle(SweepPlan plan)
    {
        if (IsElsewhere)
        {
            Check(plan, trial => SpecReader.Validate(trial.Choice.Spec, trial.Choice.Title));
            return plan;
        }

        var precisions = new Dictionary<int, Precision?>();
        var memory = new List<IReadOnlyList<PartMemory>>();
        Check(
            plan,
            trial =>
            {
                var experiment = Experiment.Planned(trial.Choice, Opened(sets.Open(trial.Choice.Spec, report, cancellation)));
                var (spec, data) = (experiment.Spec, experiment.Data);
                InitialWeights.Check(spec, data.Train.PixelsPerImage, data.Classes);
                InitialState.Check(spec, data);
                precisions[trial.Number] = trial.Choice.Spec.Precision == Precision.Auto ? Measured(spec, data) : trial.Setting.Precision;
                memory.Add(
                    MemoryEstimate.Of(
                        spec,
                        experiment.Plan,
                        (long)data.Train.Count + data.Test.Count,
                        data.Train.PixelsPerImage,
                        data.Classes
                    )
                );
            }
        );
        MemoryEstimate.Require(
            [.. memory.OrderByDescending(parts => parts.Sum(part => part.Bytes)).Take(atOnce).SelectMany(parts => parts)],
            $"this machine for {atOnce} trials at once",
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes
        );
        return plan with
        {
            Trials = [.. plan.Trials.Select(setting => setting with { Precision = precisions[setting.Trial] })],
            DatasetSha256 = _opened.TryGetValue(plan.Choice.Spec.Dataset, out var sha256) ? sha256 : "",
        };
    }

    // A seed changes nothing that could be wrong.
    private static void Check(SweepPlan plan, Action<Trial> check)
    {
        foreach (var trial in plan.Rungs.SelectMany(epochs => (plan with { Seeds = [plan.Seeds[0]] }).Runs(plan.Trials, epochs)))
        {
            try
            {
                check(trial);
            }
            catch (InvalidInputException e)
            {
                throw new InvalidInputException($"trial {trial.Number} ({trial.Words}): {e.Message}", e);
            }
        }
    }

    private DataSet Opened(DataSet data)
    {
        _opened[data.Name] = data.Sha256;
        return data;
    }

    // The same for the same products: one that is measured anew beside other trials might come out otherwise.
    private Precision Measured(ExperimentSpec spec, DataSet data)
    {
        var step = ProductsOf.Step(spec, data.Train.PixelsPerImage);
        var products = $"{Recipe.Of(spec).Network.IsAlwaysFp32} {step.BatchSize} {string.Join(' ', step.Layers)}";
        if (!_measured.TryGetValue(products, out var precision))
        {
            LibTorch.EnsureLoaded();
            ComputeDevices.UseNamed();
            _measured[products] = precision = ProductsOf.Resolve(spec, data.Train.PixelsPerImage);
        }

        return precision;
    }
}
