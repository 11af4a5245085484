using System.Globalization;
using System.Text.Json;
using ForwardForward.Benchmarks.Steps;
using ForwardForward.Console.CommandLine;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Console.Verbs;

internal static class BenchPrecision
{
    private const string DefaultPreset = "supervised";
    private const int DefaultTurns = 60;

    public static Verb Command()
    {
        var turns = Options.Whole("--turns", $"Steps in each precision, of which the lower quartile counts; default: {DefaultTurns}.", 4, 1000);
        var preset = Options.Text("--preset", "NAME", $"Whose layers; default: {DefaultPreset}.");
        var json = Options.Json();
        var command = new Verb(
            "precision",
            "A step of each layer in portable precision, in turns with the others that it has, on one thread.",
            "./ff bench precision --preset conv-deeper4"
        )
        {
            turns,
            preset,
            json,
        };
        command.SetAction(
            (parsed, interrupted) =>
            {
                var streams = parsed.InvocationConfiguration;
                LibTorch.EnsureLoaded();
                var spec = Presets.Get(parsed.GetValue(preset) ?? DefaultPreset);
                var data = new DataSets(DataSets.DefaultCacheFolder).Open(spec.Dataset, streams.Error.WriteLine, interrupted);
                spec = DataDescription.Of(data).Fill(spec);
                var steps = new PrecisionSteps(
                    spec,
                    data.Train.PixelsPerImage,
                    data.Classes,
                    parsed.GetValue(turns) ?? DefaultTurns,
                    streams.Error.WriteLine
                ).Run();
                Print(streams.Output, steps, parsed.GetValue(json));
                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
    }

    private static void Print(TextWriter output, IReadOnlyList<PrecisionStep> steps, bool json)
    {
        var carrier = IntegerProducts.Carrier.ToString().ToLowerInvariant();
        if (json)
        {
            var told = steps.Select(step => new
            {
                step.Layer,
                step.Shape,
                Milliseconds = step.Milliseconds.ToDictionary(one => one.Key.ToString().ToLowerInvariant(), one => one.Value),
                OverFp32 = step.Over(Precision.Fp32),
                OverBf16 = step.Over(Precision.Bf16),
            });
            output.WriteLine(
                JsonSerializer.Serialize(new { InstructionSet = InstructionSets.Widest, Carrier = carrier, Layers = told }, Json.OneLine)
            );
            return;
        }

        output.WriteLine($"on {InstructionSets.Widest}, integers held in {carrier}, one thread");
        output.WriteLine($"{"layer", -8}{"shape", -34}{"portable, ms", 14}{"over fp32", 12}{"over bf16", 12}");
        foreach (var step in steps)
        {
            string Ratio(Precision other) => step.Over(other)?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";
            var time = step.Milliseconds[Precision.Portable].ToString("0.0", CultureInfo.InvariantCulture);
            output.WriteLine($"{step.Layer, -8}{step.Shape, -34}{time, 14}{Ratio(Precision.Fp32), 12}{Ratio(Precision.Bf16), 12}");
        }
    }
}
