using System.Text.Json;
using ForwardForward.Console.Training;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Sweeps;

/// <summary>Makes a plan of what is asked for, and refuses what no trial could be made of.</summary>
/// <param name="checks">Holds every trial against its data.</param>
internal sealed class SweepPlanning(SweepRequest request, TrialChecks checks)
{
    private const int MaxTrials = 1000;
    private const int HeldOutOf = 6;
    private const int MaxHoldOut = 10_000;

    /// <exception cref="InvalidInputException">An option or a trial is wrong; the sentence says which.</exception>
    public SweepPlan Plan()
    {
        if (request is { HoldOut: not null, JudgesByTest: true })
        {
            throw new InvalidInputException("--hold-out and --test are both given, expected one of the two.");
        }

        if (request is { Grid.Count: 0, Random.Count: 0, Seeds: null })
        {
            throw new InvalidInputException("Nothing is swept, expected --grid, --random or --seeds.");
        }

        var choice = SpecChoice.Of(request.Train);
        var settings = new Settings(
            [.. request.Grid.Select(text => GridField.Parse(text, choice.Spec))],
            [.. request.Random.Select(text => RandomField.Parse(text, choice.Spec))],
            request.Draw
        );
        List<string> paths = [.. settings.Grid.Select(field => field.Path), .. settings.Random.Select(field => field.Path)];
        RequireApart(paths);
        var seeds = request.Seeds is { } given ? SeedList.Parse(given) : [choice.Spec.Seed];
        RequireFew(settings, seeds.Count);
        var trials = settings.Take(request.Trials).Select((assignments, i) => Setting(choice, assignments, paths, i + 1)).ToList();
        var plan = new SweepPlan
        {
            Experiment = choice.Title,
            Preset = choice.Preset,
            Spec = JsonDocument.Parse(SpecReader.Write(choice.Spec)).RootElement,
            Fields = paths,
            Logarithmic =
            [
                .. settings.Grid.Where(field => field.IsLogarithmic).Select(field => field.Path),
                .. settings.Random.Where(field => field.IsLogarithmic).Select(field => field.Path),
            ],
            HoldOut = HoldOut(choice.Spec, [.. trials.Select(trial => trial.Spec)]),
            Halving = request.Halving,
            Cluster = request.Cluster,
            Seeds = seeds,
            Trials = [.. trials.Select(trial => trial.Setting)],
        };
        return checks.Settle(plan);
    }

    private static (Setting Setting, ExperimentSpec Spec) Setting(
        SpecChoice choice,
        IReadOnlyList<string> assignments,
        List<string> paths,
        int number
    )
    {
        var spec = choice.With(new TrainRequest { Experiment = choice.Title, Set = assignments }).Spec;
        return (new Setting(number, paths.ToDictionary(path => path, path => FieldPath.Value(spec, path)), null), spec);
    }

    private void RequireApart(List<string> paths)
    {
        List<string> set = [.. request.SetPaths.Select(FieldPath.Declared)];
        for (var i = 0; i < paths.Count; i++)
        {
            var path = paths[i];
            var wrong =
                path == "seed" ? "seed is swept with --seeds"
                : path == "holdOut" ? "holdOut is one for all trials, and set with --hold-out"
                : path == "epochs" && request.Halving ? "epochs cannot be swept with --halving, which gives them to the trials"
                : paths.Take(i).Any(before => FieldPath.Overlap(before, path)) ? $"{path} is swept twice"
                : set.Exists(one => FieldPath.Overlap(one, path)) ? $"{path} is swept and set as well"
                : null;
            if (wrong is not null)
            {
                throw new InvalidInputException($"{wrong}, expected each field once.");
            }
        }

        if (request.Seeds is not null && set.Contains("seed"))
        {
            throw new InvalidInputException("seed is set and --seeds is given as well, expected one of the two.");
        }
    }

    private void RequireFew(Settings settings, int seeds)
    {
        var count = settings.Count(request.Trials);
        if (count * seeds > MaxTrials)
        {
            var each = seeds > 1 ? $", {count:#,0} settings with {seeds} seeds each" : "";
            throw new InvalidInputException(
                $"The sweep has {count * seeds:#,0} trials{each}, expected at most {MaxTrials:#,0}: --trials N tries N settings."
            );
        }
    }

    private int HoldOut(ExperimentSpec spec, IReadOnlyList<ExperimentSpec> trials) =>
        request.JudgesByTest ? 0
        : request.HoldOut is { } given ? given
        : spec.HoldOut > 0 ? spec.HoldOut
        : trials.Min(trial => Math.Clamp(Used(trial) / HeldOutOf, 1, MaxHoldOut));

    private int Used(ExperimentSpec trial) =>
        checks.TrainImages(trial.Dataset) is var all && trial.TrainImages > 0 ? Math.Min(trial.TrainImages, all) : all;
}
