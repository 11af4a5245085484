using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ForwardForward.Benchmarks.Races;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Reports;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Verbs;

/// <summary><c>bench race</c>.</summary>
internal static class BenchRace
{
    private const string DefaultForwardForward = "supervised-fast";
    private const string DefaultBackpropagation = "bp-mlp";
    private const int DefaultSeeds = 3;

    private static readonly Option<string?> ForwardForward = Options.Text(
        "--ff",
        "NAME",
        $"The preset that learns by Forward-Forward; default: {DefaultForwardForward}."
    );
    private static readonly Option<string?> Backpropagation = Options.Text(
        "--bp",
        "NAME",
        $"The preset that learns by backpropagation; default: {DefaultBackpropagation}."
    );
    private static readonly Option<string[]> SetForwardForward = Set("--set-ff", "Set a field of the first one's spec; repeatable.");
    private static readonly Option<string[]> SetBackpropagation = Set("--set-bp", "Set a field of the second one's spec; repeatable.");
    private static readonly Option<string?> Data = Options.Text("--data", "NAME or DIR", "What both learn; default: mnist.").WithDataSets();
    private static readonly Option<string?> Errors = Options.Text(
        "--errors",
        "A,B",
        "Test errors in per cent that they race to; default: 1.5,1.4,1.3, of fashion-mnist 10.5."
    );
    private static readonly Option<int?> Seeds = Options.Whole("--seeds", $"Trainings of each; default: {DefaultSeeds}.", 1, 100);
    private static readonly Option<string?> Picture = Options.Text(
        "--picture",
        "FILE.svg",
        "Where a picture of error over time is written."
    );
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb(
            "race",
            "Seconds of training until the fast test errs on no more than so much, by Forward-Forward and by backpropagation, in turns.",
            "./ff bench race --seeds 1"
        )
        {
            ForwardForward,
            Backpropagation,
            SetForwardForward,
            SetBackpropagation,
            Data,
            Errors,
            Seeds,
            Picture,
            AsJson,
        };
        command.SetAction((parsed, interrupted) => Task.FromResult(Run(parsed, interrupted)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken interrupted)
    {
        var streams = parsed.InvocationConfiguration;
        var dataset = parsed.GetValue(Data) ?? "mnist";
        var errors = Targets(parsed.GetValue(Errors) ?? (dataset == "fashion-mnist" ? "10.5" : "1.5,1.4,1.3"));
        string[] presets =
        [
            parsed.GetValue(ForwardForward) ?? DefaultForwardForward,
            parsed.GetValue(Backpropagation) ?? DefaultBackpropagation,
        ];
        var specs = presets
            .Zip([parsed.GetValue(SetForwardForward) ?? [], parsed.GetValue(SetBackpropagation) ?? []])
            .Select(one =>
                SpecReader.Set(Presets.Get(one.First) with { Precision = Precision.Auto }, one.Second) with
                {
                    Dataset = dataset,
                }
            )
            .ToList();
        RequireBothKinds(presets, specs);
        var data = new DataSets(DataSets.DefaultCacheFolder).Open(dataset, streams.Error.WriteLine, interrupted).Limited(specs[0]);
        LibTorch.EnsureLoaded();
        ComputeDevices.UseNamed();
        var race = new Race(data, streams.Error.WriteLine);
        var courses = race.Run(
            [.. specs.Zip(presets).Select(one => Ready(one.First, one.Second, data.Train.PixelsPerImage))],
            [.. Enumerable.Range(1, parsed.GetValue(Seeds) ?? DefaultSeeds)],
            interrupted
        );
        if (parsed.GetValue(Picture) is { } file)
        {
            WholeFile.Replace(file, Chart(presets, courses).File());
        }

        if (parsed.GetValue(AsJson))
        {
            streams.Output.WriteLine(JsonSerializer.Serialize(errors.Select(error => Row(dataset, error, presets, courses)), Json.OneLine));
        }
        else
        {
            Print(streams.Output, errors, presets, courses);
        }

        return ExitCode.Done;
    }

    private static Option<string[]> Set(string name, string description) =>
        new(name) { Description = description, HelpName = "path=value" };

    private static void RequireBothKinds(string[] presets, List<ExperimentSpec> specs)
    {
        foreach (
            var (preset, spec, option, learnsAsWhole) in new[]
            {
                (presets[0], specs[0], "--ff", false),
                (presets[1], specs[1], "--bp", true),
            }
        )
        {
            if (Learning.Recipes.Recipe.Of(spec).Network.LearnsAsWhole != learnsAsWhole)
            {
                throw new InvalidInputException(
                    $"{option} is '{preset}', which learns by {(learnsAsWhole ? "Forward-Forward" : "backpropagation")}, expected a preset "
                        + $"that learns by {(learnsAsWhole ? "backpropagation" : "Forward-Forward")}."
                );
            }
        }
    }

    private static ExperimentSpec Ready(ExperimentSpec spec, string preset, int pixels) =>
        spec with
        {
            Description = $"{preset}.",
            Precision = ProductsOf.Resolve(spec, pixels),
            Evaluation = new EvaluationSpec { FastEvery = 1, GoodnessEvery = 0 },
            Checkpoint = new CheckpointSpec { EverySlots = 0 },
        };

    private static List<double> Targets(string given)
    {
        var targets = new List<double>();
        foreach (var text in given.Split(','))
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) || percent is not (> 0 and < 100))
            {
                throw new InvalidInputException($"--errors is '{given}', expected per cent from 0 to 100 as in 1.5,1.4.");
            }

            targets.Add(percent / 100);
        }

        return targets;
    }

    // Of all seeds; null where one has not come so far.
    private static double? Mean(IReadOnlyList<Course> courses, double error) =>
        courses.All(course => course.SecondsTo(error) is not null) ? courses.Average(course => course.SecondsTo(error)) : null;

    private static object Row(string dataset, double error, string[] presets, IReadOnlyList<IReadOnlyList<Course>> courses)
    {
        var (ff, bp) = (Mean(courses[0], error), Mean(courses[1], error));
        return new
        {
            dataset,
            error,
            ff = new
            {
                preset = presets[0],
                seconds = ff,
                seeds = courses[0].Count,
                peakBytes = courses[0].Max(course => course.PeakBytes),
            },
            bp = new
            {
                preset = presets[1],
                seconds = bp,
                seeds = courses[1].Count,
                matrixRateShare = courses[1].Average(course => course.MatrixRateShare),
                peakBytes = courses[1].Max(course => course.PeakBytes),
            },
            ratio = ff / bp,
        };
    }

    private static void Print(
        TextWriter output,
        IReadOnlyList<double> errors,
        string[] presets,
        IReadOnlyList<IReadOnlyList<Course>> courses
    )
    {
        string Cell(double? value, string format) => (value?.ToString(format, CultureInfo.InvariantCulture) ?? "-").PadLeft(12);
        var seeds = courses[0].Count == 1 ? "one seed" : $"mean of {courses[0].Count} seeds";
        output.WriteLine($"{$"seconds of training to, {seeds}", -36}{presets[0], 22}{presets[1], 16}{"ratio", 12}");
        foreach (var error in errors)
        {
            var (ff, bp) = (Mean(courses[0], error), Mean(courses[1], error));
            output.WriteLine(
                $"{error.ToString("P2", CultureInfo.InvariantCulture), -36}{Cell(ff, "0"), 22}{Cell(bp, "0"), 16}{Cell(ff / bp, "0.00")}"
            );
        }

        void Of(string name, Func<Course, double> value, string format) =>
            output.WriteLine(
                $"{name, -36}{Cell(courses[0].Average(value), format), 22}{Cell(courses[1].Average(value), format), 16}"
                    + Cell(courses[0].Average(value) / courses[1].Average(value), "0.00")
            );
        Of("least error of a test, %", course => course.Laps.Min(lap => lap.Error) * 100, "0.00");
        Of("all epochs, s", course => course.Laps[^1].Seconds, "0");
        Of("share of the matrix rate", course => course.MatrixRateShare, "0.00");
        Of("memory of a step at its peak, MB", course => course.PeakBytes / 1e6, "0");
    }

    private static LineChart Chart(string[] presets, IReadOnlyList<IReadOnlyList<Course>> courses) =>
        new(
            "Error of the fast test over seconds of training, of the first seed",
            "s of training",
            [
                .. presets
                    .Zip(courses, (preset, all) => (preset, all[0]))
                    .Select(
                        (one, i) => new Series(one.preset, $"series-{i + 1}", [.. one.Item2.Laps.Select(lap => (lap.Seconds, lap.Error))])
                    ),
            ],
            Percent: true,
            Logarithmic: true
        );
}
