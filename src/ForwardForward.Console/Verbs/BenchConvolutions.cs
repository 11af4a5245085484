using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ForwardForward.Benchmarks.Steps;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Verbs;

/// <summary><c>bench step</c> of an experiment with convolutional layers.</summary>
internal static class BenchConvolutions
{
    public static Task<int> Run(ParseResult parsed, ExperimentSpec spec, int turns, bool json, CancellationToken interrupted)
    {
        var streams = parsed.InvocationConfiguration;
        LibTorch.EnsureLoaded();
        var data = new DataSets(DataSets.DefaultCacheFolder).Open(spec.Dataset, streams.Error.WriteLine, interrupted);
        spec = DataDescription.Of(data).Fill(spec);
        var layers = new ConvolutionSteps(spec, data.Train.PixelsPerImage, data.Classes, turns, streams.Error.WriteLine).Run();
        if (json)
        {
            streams.Output.WriteLine(JsonSerializer.Serialize(new { Cores = Environment.ProcessorCount, layers }, Json.OneLine));
            return Task.FromResult(ExitCode.Done);
        }

        streams.Output.WriteLine(
            $"{"layer", -7}{"sees", -14}{"convolves to", -16}{"ms", 8}{"GFLOP/s", 9}{"/ conv2d, speed", 17}{"/ autograd, speed", 19}"
        );
        foreach (var layer in layers)
        {
            streams.Output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{layer.Layer, -7}{layer.In, -14}{layer.Convolved, -16}{layer.Milliseconds, 8:0.0}{layer.GigaflopsPerSecond, 9:0}"
                        + $"{Ratio(layer.OverLibrary), 17}{Ratio(layer.OverAutograd), 19}"
                )
            );
        }

        streams.Output.WriteLine(
            "conv2d: libtorch's convolution and the gradient by its kernels alone; none where it is wrong on this machine."
        );
        return Task.FromResult(ExitCode.Done);
    }

    private static string Ratio(double? ratio) => ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? Texts.None;
}
