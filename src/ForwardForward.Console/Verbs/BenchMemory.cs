using System.Globalization;
using System.Text.Json;
using ForwardForward.Benchmarks.Memory;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Reports;
using ForwardForward.Learning;
using ForwardForward.Learning.Native;

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
            json,
        };
        command.SetAction(
            (parsed, _) =>
            {
                var streams = parsed.InvocationConfiguration;
                LibTorch.EnsureLoaded();
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
