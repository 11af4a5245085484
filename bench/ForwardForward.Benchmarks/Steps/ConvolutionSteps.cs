using System.Diagnostics;
using System.Runtime.InteropServices;
using ForwardForward.Learning;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Benchmarks.Steps;

/// <summary>A step of one layer; every time is the best of its turns.</summary>
/// <param name="Layer">Counted from 1.</param>
/// <param name="In">Height x width x channels that it sees.</param>
/// <param name="Convolved">That its convolution makes.</param>
/// <param name="Milliseconds">Of a batch: forward and learning.</param>
/// <param name="GigaflopsPerSecond">Of the two products alone, as if nothing else took time.</param>
/// <param name="OverLibrary">
/// Speed of the whole step over that of libtorch's convolution and the gradient by its kernels alone; null where libtorch's is wrong here.
/// </param>
/// <param name="OverAutograd">Speed over that of an autograd step of the layer; null there too, and where it has none.</param>
internal sealed record ConvolutionStep(
    int Layer,
    string In,
    string Convolved,
    double Milliseconds,
    double GigaflopsPerSecond,
    double? OverLibrary,
    double? OverAutograd
);

/// <summary>
/// The layers of a convolutional network alone, beside libtorch and autograd on the same shapes, in turns in one process.
/// </summary>
/// <param name="pixels">Numbers of a picture.</param>
internal sealed class ConvolutionSteps(ExperimentSpec spec, int pixels, int classes, int turns, Action<string> report)
{
    private readonly int _cores = Environment.ProcessorCount;

    /// <exception cref="InvalidInputException">The spec is of no convolutional network for such pictures.</exception>
    public IReadOnlyList<ConvolutionStep> Run()
    {
        if (Recipe.NameOf(spec) != RecipeKind.Convolution)
        {
            throw new InvalidInputException("bench step: the experiment has no convolutional layers; expected one that has.");
        }

        return [.. ConvolutionShape.All(spec, pixels, classes).Select(Measure)];
    }

    private ConvolutionStep Measure(ConvolutionShape shape, int index)
    {
        using var rows = BenchRows.Make(spec.BatchSize, shape.RowIn, Precision.Fp32);
        var labels = Enumerable.Range(0, spec.BatchSize).Select(i => (byte)(i % classes)).ToArray();
        using var threads = new WorkerPool(_cores);
        using var layer = new ConvolutionLayer(Options(shape, index), threads);
        using var library = new LibraryConvolution(shape, spec.BatchSize);
        var isRight = library.IsRight();
        using var autograd =
            isRight && shape.Spec.Goodness != ChannelGoodness.Assigned
                ? new ConvolutionAutograd(spec, shape, library, Pictures(rows, shape), labels)
                : null;
        var (own, theirs, automatic) = (double.MaxValue, double.MaxValue, double.MaxValue);
        for (var turn = 0; turn <= turns; turn++) // the first warms up
        {
            var update = turn + 1;
            var mine = Seconds(() => Step(layer, rows, labels, update));
            var other = isRight ? OnAllCores(() => library.Step()) : double.MaxValue;
            var another = autograd is null ? double.MaxValue : OnAllCores(autograd.Step);
            (own, theirs, automatic) =
                turn == 0 ? (own, theirs, automatic) : (Math.Min(own, mine), Math.Min(theirs, other), Math.Min(automatic, another));
        }

        report($"layer {index + 1} is measured");
        return new ConvolutionStep(
            index + 1,
            $"{shape.In}",
            $"{shape.Convolved}",
            1000 * own,
            4 * shape.Multiplications * spec.BatchSize / own / 1e9,
            isRight ? theirs / own : null,
            autograd is null ? null : automatic / own
        );
    }

    private ConvolutionOptions Options(ConvolutionShape shape, int index) =>
        new()
        {
            Index = index,
            Shape = shape,
            MaxRows = spec.BatchSize,
            BatchSize = spec.BatchSize,
            Optimizer = spec.Optimizer,
            Dropout = spec.Regularization.Dropout,
            Contrast = spec.Goodness.Contrast > 0 ? new ContrastTemperature(spec.Goodness, 1, spec.Epochs) : null,
        };

    private static void Step(ConvolutionLayer layer, Activations rows, byte[] labels, long update)
    {
        layer.Forward(rows, update).Dispose();
        layer.Learn(new RowLayout(0, 0, labels.Length, 0), labels, 1, update);
    }

    // libtorch's threads belong to the thread that asks for them, which is one that none of ours is; it needs a step to start them.
    private double OnAllCores(Action step)
    {
        var timed = Task.Factory.StartNew(
            () =>
            {
                set_num_threads(_cores);
                try
                {
                    using var scope = NewDisposeScope();
                    step();
                    return Seconds(step);
                }
                finally
                {
                    set_num_threads(1);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        return timed.GetAwaiter().GetResult();
    }

    private static double Seconds(Action step)
    {
        var watch = Stopwatch.StartNew();
        step();
        return watch.Elapsed.TotalSeconds;
    }

    // Without what rides along for shortcuts.
    private static float[] Pictures(Activations rows, ConvolutionShape shape) =>
        [
            .. Enumerable
                .Range(0, rows.Rows)
                .SelectMany(row => MemoryMarshal.Cast<byte, float>(rows.Bytes).Slice(row * rows.Width, shape.In.Size).ToArray()),
        ];
}
