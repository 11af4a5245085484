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
    private const int DefaultSlots = 30;
    private const int DefaultTurns = 8;

    public static Verb Command()
    {
        var slots = Options.Whole("--slots", $"Training slots of a turn; default: {DefaultSlots}.", 3, 100_000);
        var turns = Options.Whole(
            "--turns",
            $"Turns in each precision, of which the lower quartile counts; default: {DefaultTurns}.",
            1,
            1000
        );
        var preset = Options.Text("--preset", "NAME", $"Which experiment; default: {DefaultPreset}.");
        var json = Options.Json();
        var command = new Verb(
            "precision",
            "The sequential reference on the same slots in portable precision and in the others that the network has.",
            "./ff bench precision --preset conv-deeper4"
        )
        {
            slots,
            turns,
            preset,
            json,
        };
        command.SetAction(
            (parsed, interrupted) =>
            {
                var streams = parsed.InvocationConfiguration;
                LibTorch.EnsureLoaded();
                var spec = BenchVerb.Short(Presets.Get(parsed.GetValue(preset) ?? DefaultPreset), parsed.GetValue(slots) ?? DefaultSlots);
                var data = new DataSets(DataSets.DefaultCacheFolder).Open(spec.Dataset, streams.Error.WriteLine, interrupted).Limited(spec);
                spec = DataDescription.Of(data).Fill(spec);
                var times = new PrecisionRuns(spec, data, parsed.GetValue(turns) ?? DefaultTurns, streams.Error.WriteLine).Run();
                Print(streams.Output, times, parsed.GetValue(json));
                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
    }

    private static void Print(TextWriter output, IReadOnlyDictionary<Precision, double> times, bool json)
    {
        var carrier = Name(IntegerProducts.Carrier);
        var speeds = times.ToDictionary(one => Name(one.Key), one => one.Value / times[Precision.Portable]);
        if (json)
        {
            var told = new
            {
                InstructionSet = InstructionSets.Widest,
                Carrier = carrier,
                Milliseconds = times.ToDictionary(one => Name(one.Key), one => one.Value),
                SpeedOver = speeds,
            };
            output.WriteLine(JsonSerializer.Serialize(told, Json.OneLine));
            return;
        }

        output.WriteLine($"on {InstructionSets.Widest}, integers held in {carrier}, one thread");
        foreach (var (precision, time) in times)
        {
            var slot = time.ToString("0.0", CultureInfo.InvariantCulture);
            var speed = speeds[Name(precision)].ToString("0.00", CultureInfo.InvariantCulture);
            var beside = precision == Precision.Portable ? "" : $", portable / {Name(precision)}, speed: {speed}";
            output.WriteLine($"{Name(precision), -10}{slot, 10} ms a slot{beside}");
        }
    }

    private static string Name(Precision precision) => precision.ToString().ToLowerInvariant();
}
