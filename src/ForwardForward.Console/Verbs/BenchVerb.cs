using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ForwardForward.Benchmarks.Steps;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Verbs;

internal static class BenchVerb
{
    private const string DefaultPreset = "supervised";
    private const int DefaultSlots = 300;
    private const int DefaultTurns = 3;

    public static Verb Command() =>
        new("bench", "Measures ratios to limits that are measured in the same run.", "./ff bench step")
        {
            Step(),
            BenchPrecision.Command(),
            BenchScaling.Command(),
            BenchTransport.Command(),
            BenchMemory.Command(),
            BenchRecovery.Command(),
            BenchPredict.Command(),
            BenchRace.Command(),
        };

    private static Verb Step()
    {
        var slots = Options.Whole("--slots", $"Training slots of a turn; default: {DefaultSlots}.", 10, 100_000);
        var turns = Options.Whole("--turns", $"Turns of which the best counts; default: {DefaultTurns}.", 1, 100);
        var preset = Options.Text(
            "--preset",
            "NAME",
            $"Which experiment; default: {DefaultPreset}. Of one with convolutional layers each layer's step is measured alone."
        );
        var set = new Option<string[]>("--set")
        {
            Description = "Set a field of the spec, which is the preset's; repeatable.",
            HelpName = "path=value",
        };
        var json = Options.Json();
        var command = new Verb(
            "step",
            "The sequential reference, the grains and an autograd version of the same steps, beside the machine's matrix rate.",
            "./ff bench step --slots 100"
        )
        {
            slots,
            turns,
            preset,
            set,
            json,
        };
        command.SetAction(
            (parsed, interrupted) =>
            {
                var spec = SpecReader.Set(Presets.Get(parsed.GetValue(preset) ?? DefaultPreset), parsed.GetValue(set) ?? []);
                var times = parsed.GetValue(turns) ?? DefaultTurns;
                return Recipe.NameOf(spec) == RecipeKind.Convolution
                    ? BenchConvolutions.Run(parsed, spec, times, parsed.GetValue(json), interrupted)
                    : Run(parsed, Short(spec, parsed.GetValue(slots) ?? DefaultSlots), times, parsed.GetValue(json));
            }
        );
        return command;
    }

    /// <summary>So many training slots, without tests.</summary>
    public static ExperimentSpec Short(ExperimentSpec spec, int slots) =>
        spec with
        {
            Epochs = 1,
            TrainImages = slots * spec.BatchSize,
            TestImages = 3 * spec.BatchSize,
            Evaluation = new EvaluationSpec { FastEvery = 0, GoodnessEvery = 0 },
            Checkpoint = new CheckpointSpec { EverySlots = 0 },
        }; // the reference keeps none

    private static async Task<int> Run(ParseResult parsed, ExperimentSpec spec, int turns, bool json)
    {
        var streams = parsed.InvocationConfiguration;
        LibTorch.EnsureLoaded();
        ComputeDevices.UseNamed();
        var benchmark = new StepBenchmark(spec, turns, streams.Error.WriteLine);
        var ratios = await benchmark.Run();
        if (json)
        {
            var result = new
            {
                Precision = Named(ratios),
                MatrixRate = Named(benchmark.MatrixRates),
                MadeRate = Named(benchmark.MadeRates),
                Cores = Environment.ProcessorCount,
            };
            streams.Output.WriteLine(JsonSerializer.Serialize(result, Json.OneLine));
        }
        else
        {
            Print(streams.Output, ratios, benchmark);
        }

        return ExitCode.Done;
    }

    private static Dictionary<string, T> Named<T>(Dictionary<Precision, T> values) =>
        values.ToDictionary(v => v.Key.ToString().ToLowerInvariant(), v => v.Value);

    private static void Print(TextWriter output, Dictionary<Precision, StepRatios> ratios, StepBenchmark benchmark)
    {
        void Row(string name, Func<Precision, double> value, string format) =>
            output.WriteLine(
                $"{name, -42}{string.Concat(ratios.Keys.Select(p => value(p).ToString(format, CultureInfo.InvariantCulture).PadLeft(10)))}"
            );

        var processors = ComputeDevices.AreGpus
            ? $"{ComputeDevices.Count} GPU{(ComputeDevices.Count == 1 ? "" : "s")}"
            : $"{Environment.ProcessorCount} cores";
        output.WriteLine($"{"", -42}{string.Concat(ratios.Keys.Select(p => p.ToString().ToLowerInvariant().PadLeft(10)))}");
        Row($"matrix rate of {processors}, GFLOP/s", p => benchmark.MatrixRates[p] / 1e9, "0");
        Row("without rows that have no pull, GFLOP/s", p => benchmark.MadeRates[p] / 1e9, "0");
        Row("reference, share of the matrix rate", p => ratios[p].ReferenceShare, "0.00");
        Row("pipeline, share of the matrix rate", p => ratios[p].PipelineShare, "0.00");
        Row("reference / products of all rows, speed", p => ratios[p].ReferenceOverProducts, "0.00");
        Row("pipeline / products of all rows, speed", p => ratios[p].PipelineOverProducts, "0.00");
        Row("pipeline / reference, speed", p => ratios[p].PipelineOverReference, "0.00");
        Row("pipeline / autograd, speed", p => ratios[p].OverAutograd, "0.00");
        Row("pipeline / autograd in fp32, speed", p => ratios[p].OverAutogradFp32, "0.00");
        Row("reference, ms a slot", p => ratios[p].ReferenceMillisecondsPerSlot, "0.0");
        Row("pipeline, ms a slot", p => ratios[p].PipelineMillisecondsPerSlot, "0.0");
        foreach (var phase in ratios.Values.First().Phases.Keys)
        {
            Row($"share of a step: {phase}", p => ratios[p].Phases[phase], "0.00");
        }
    }
}
