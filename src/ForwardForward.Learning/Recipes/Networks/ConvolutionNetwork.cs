using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Recipes.Convolutions;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static System.FormattableString;

namespace ForwardForward.Learning.Recipes.Networks;

/// <summary>Convolutional layers that each learn from their own goodness of the classes, which the readout adds up.</summary>
internal sealed class ConvolutionNetwork(ExperimentSpec spec) : INetworkKind
{
    private const int InFlight = 8; // slots that wait at a layer

    public StageTopology Stages { get; } = new(LayerParts.All(spec), spec.Readout);

    public bool LearnsAsWhole => false;

    public bool HasReadoutWeights => spec.Readout.Input == ReadoutInputs.Activity;

    public bool IsAlwaysFp32 => true;

    public IReadOnlyList<(int Width, string Name)> Widths(int pixels, int classes) =>
        [.. Shapes(pixels, classes).Select((layer, i) => (layer.RowOut, Invariant($"layers[{i}], which {What(layer)}")))];

    public LayerSlotHandler Stage(int index, int pixels, SlotPlan plan, WorkerPool? threads = null, IAllReduce? others = null)
    {
        var options = new ConvolutionOptions
        {
            Index = index,
            Shape = Shapes(pixels, plan.Classes)[index],
            MaxRows = plan.MaxRows,
            BatchSize = spec.BatchSize,
            UpdatesPerEpoch = plan.BatchesPerEpoch,
            Seed = spec.DrawSeed,
            Optimizer = spec.Optimizer with { IsPortable = IsPortable },
            Precision = IsPortable ? Precision.Portable : Precision.Fp32,
            Dropout = spec.Regularization.Dropout,
            Contrast =
                spec.Goodness.Contrast > 0
                    ? new ContrastTemperature(spec.Goodness, plan.BatchesPerEpoch, spec.Epochs) { Elementary = new(IsPortable) }
                    : null,
        };
        ILayer layer =
            !IsPortable && ComputeDevices.Of(index) is { } device
                ? new DeviceConvolutionLayer(device, options)
                : new ConvolutionLayer(options, threads);
        return new ConvolutionStage(spec, Stages.Parts[index], layer, plan);
    }

    public IClassifier Classifier(int pixels, int classes, int maxRows) =>
        HasReadoutWeights
            ? new SoftmaxReadout(spec.Readout, spec.Optimizer.Momentum, [.. Inputs(pixels, classes)], classes, maxRows, IsPortable)
            : new ClassGoodness(Stages.Featured.Count, classes, maxRows, IsPortable);

    public IReadOnlyList<PartMemory> Memory(SlotPlan plan, int pixels, int classes) =>
        [
            .. Shapes(pixels, classes).Select((layer, i) => new PartMemory($"layer {i + 1}", OfLayer(layer, plan))),
            new PartMemory("the readout", OfReadout(plan, pixels, classes)),
        ];

    public double MatrixOperations(SlotPlan plan, int pixels, IReadOnlyList<double> pulling)
    {
        var passed = plan.Rows.Rising.Passed;
        var learned = (double)plan.Batches * spec.BatchSize;
        return 2 * Shapes(pixels, plan.Classes).Sum(layer => layer.Multiplications) * (passed + learned);
    }

    public StepProducts Products(int pixels) =>
        new(
            [.. Shapes(pixels, classes: 1).Select(layer => (layer.Inputs, layer.ChannelsOfGroup))],
            spec.BatchSize,
            IsPortable ? Precision.Portable : Precision.Fp32
        );

    public IReadOnlyList<double> Costs(int pixels, int classes) => [.. Shapes(pixels, classes).Select(layer => layer.Multiplications)];

    public IReadOnlyList<(string Name, string InFile)> WeightNames(int layer) =>
        [
            .. Weights(spec.Convolutions[layer])
                .Select(name => (name, name == "weights" ? InitialWeights.Weight(layer) : $"layers.{layer}.{name}")),
        ];

    public IReadOnlyList<(string Name, int Rows, int Columns)> WeightShapes(int pixels, int classes) =>
        [
            .. Shapes(pixels, classes)
                .SelectMany(
                    (layer, i) =>
                        WeightNames(i)
                            .Select(name =>
                                name.Name switch
                                {
                                    "weights" => (name.InFile, layer.Channels, layer.Inputs),
                                    ChannelAssignment.Scores => (name.InFile, layer.Channels, classes),
                                    ChannelAssignment.Heat or ChannelAssignment.Epoch => (name.InFile, 1, 1),
                                    _ => (name.InFile, 1, layer.Channels),
                                }
                            )
                ),
            .. HasReadoutWeights
                ? [(InitialWeights.Readout, classes, Inputs(pixels, classes).Sum(input => input.Units))]
                : Array.Empty<(string, int, int)>(),
        ];

    public (int Pixels, int Classes) Ends(IReadOnlyList<IReadOnlyList<StateTensor>> stages)
    {
        var ends = InitialWeights.Of(stages[0], ConvolutionLayer.Ends).ToFloats();
        return ((int)ends[0], (int)ends[1]);
    }

    // All that a layer needs to pass pictures on.
    private static IEnumerable<string> Weights(ConvolutionLayerSpec layer) =>
        [
            "weights",
            .. layer.Bias ? ["bias"] : Array.Empty<string>(),
            .. layer.Normalization == ChannelNormalization.Batch
                ? ["normalization.scale", "normalization.shift", "running_mean", "running_variance"]
                : Array.Empty<string>(),
            .. layer.Goodness == ChannelGoodness.Assigned ? ChannelAssignment.Names : Array.Empty<string>(),
        ];

    private static string What(ConvolutionShape layer) =>
        Invariant($"makes {layer.Out}")
        + (layer.RowOut > layer.Out.Size ? Invariant($" and carries {layer.RowOut - layer.Out.Size} numbers for shortcuts") : "");

    private bool IsPortable => spec.Precision == Precision.Portable;

    private IReadOnlyList<ConvolutionShape> Shapes(int pixels, int classes) => ConvolutionShape.All(spec, pixels, classes);

    // What the layers that count hand on.
    private IEnumerable<ReadoutInput> Inputs(int pixels, int classes)
    {
        var shapes = Shapes(pixels, classes);
        return Stages.Featured.Select(layer => new ReadoutInput(layer, 0, shapes[layer].Out.Size));
    }

    private long OfReadout(SlotPlan plan, int pixels, int classes)
    {
        const int WeightsAndAverage = 2;
        var copies = WeightsAndAverage * (spec.Checkpoint.EverySlots > 0 ? 2 : 1);
        return HasReadoutWeights
            ? Inputs(pixels, classes).Sum(input => (long)input.Units) * (plan.MaxRows + (classes * copies)) * sizeof(float)
            : 0;
    }

    private long OfLayer(ConvolutionShape layer, SlotPlan plan)
    {
        const int GradientsAndMoments = 7; // a gradient for each of four threads, two moments, the weights
        const int IntegersAndProducts = 5; // of portable precision: the weights, and a product of each thread
        var copies = GradientsAndMoments + (spec.Checkpoint.EverySlots > 0 ? 3 : 0) + (IsPortable ? IntegersAndProducts : 0);
        var weights = (long)layer.Channels * layer.Inputs * copies;
        long kept = layer.In.Size + (layer.Activity.Size * (layer.Spec.Pool == Pooling.Maximum ? 2L : 1)),
            waiting = InFlight * ((long)layer.RowIn + layer.RowOut);
        return (weights + (plan.MaxRows * (kept + waiting))) * sizeof(float);
    }
}
