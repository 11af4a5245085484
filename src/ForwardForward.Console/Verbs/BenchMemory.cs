using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ForwardForward.Benchmarks.Memory;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Reports;
using ForwardForward.Learning;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Verbs;

/// <summary><c>bench memory</c>.</summary>
internal static class BenchMemory
{
    private const int DefaultWidth = 2000;
    private static readonly int[] Depths = [2, 4, 8, 16];

    public static Verb Command()
    {
        var width = Options.Whole("--width", $"Units of every layer; default: {DefaultWidth}.", 1, 65_536);
        var picture = Options.Text("--picture", "FILE.svg", "Where a picture of it is written.");
        var convolutions = new Option<bool>("--convolutions")
        {
            Description = "Instead: every stage of conv-deeper17, and of its first four layers.",
        };
        var json = Options.Json();
        var command = new Verb(
            "memory",
            $"Bytes of activity and gradients that a step needs in networks of {string.Join(", ", Depths)} layers, by "
                + "Forward-Forward and by backpropagation.",
            "./ff bench memory --picture memory.svg"
        )
        {
            width,
            picture,
            convolutions,
            json,
        };
        command.SetAction(
            (parsed, _) =>
            {
                var streams = parsed.InvocationConfiguration;
                LibTorch.EnsureLoaded();
                if (parsed.GetValue(convolutions))
                {
                    Convolutions(streams, parsed.GetValue(json));
                    return Task.FromResult(ExitCode.Done);
                }

                var measured = new MemoryBenchmark(parsed.GetValue(width) ?? DefaultWidth, streams.Error.WriteLine).Run(Depths);
                if (parsed.GetValue(picture) is { } file)
                {
                    Draw(file, measured);
                }

                if (parsed.GetValue(json))
                {
                    streams.Output.WriteLine(JsonSerializer.Serialize(measured, Json.OneLine));
                }
                else
                {
                    Print(streams.Output, measured);
                }

                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
    }

    private static void Convolutions(InvocationConfiguration streams, bool isJson)
    {
        const string Preset = "conv-deeper17";
        const int Few = 4;
        var whole = Presets.Get(Preset);
        var few = whole with { Layers = [.. whole.Layers.Take(Few)], Convolutions = [.. whole.Convolutions.Take(Few)] };
        var benchmark = new ConvolutionMemory(streams.Error.WriteLine);
        IReadOnlyList<ConvolutionStageMemory> measured = [.. benchmark.Run($"{Few} layers", few), .. benchmark.Run(Preset, whole)];
        if (isJson)
        {
            streams.Output.WriteLine(JsonSerializer.Serialize(measured, Json.OneLine));
            return;
        }

        foreach (var stage in measured)
        {
            streams.Output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{stage.Network, -16}{stage.Layer, 4}{stage.PeakBytes / 1e6, 10:0.0} MB")
            );
        }
    }

    private static void Print(TextWriter output, IReadOnlyList<StepMemory> measured)
    {
        void Row(string name, Func<int, string> cell) =>
            output.WriteLine($"{name, -42}{string.Concat(Depths.Select(depth => cell(depth).PadLeft(10)))}");
        StepMemory Of(string algorithm, int depth) => measured.First(one => one.Algorithm == algorithm && one.Depth == depth);
        string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);

        Row("layers", depth => $"{depth}");
        Row("forward-forward, in one layer, MB", depth => Megabytes(Of(MemoryBenchmark.ForwardForward, depth).PeakStageBytes));
        Row("forward-forward, in all layers, MB", depth => Megabytes(Of(MemoryBenchmark.ForwardForward, depth).PeakActivationBytes));
        Row("backpropagation, in one place, MB", depth => Megabytes(Of(MemoryBenchmark.Backpropagation, depth).PeakStageBytes));
        Row(
            "backpropagation / a layer of the other",
            depth =>
                (
                    (double)Of(MemoryBenchmark.Backpropagation, depth).PeakStageBytes
                    / Of(MemoryBenchmark.ForwardForward, depth).PeakStageBytes
                ).ToString("0.0", CultureInfo.InvariantCulture)
        );
    }

    private static void Draw(string file, IReadOnlyList<StepMemory> measured)
    {
        IReadOnlyList<(double X, double Y)> Line(string algorithm) =>
            [.. measured.Where(one => one.Algorithm == algorithm).Select(one => ((double)one.Depth, one.PeakStageBytes / 1e6))];
        var chart = new LineChart(
            "Megabytes of activity and gradients that have to be in one place during a step, over the depth of the network",
            "hidden layers (MB of activity and gradients in one place)",
            [
                new Series("one FF layer", "series-1", Line(MemoryBenchmark.ForwardForward)),
                new Series("backprop.", "series-2", Line(MemoryBenchmark.Backpropagation)),
            ]
        );
        WholeFile.Replace(file, chart.File());
    }
}
