using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static System.FormattableString;

namespace ForwardForward.Learning.Recipes.Networks;

/// <summary>Layers that each learn from their own goodness, and a readout that looks at them.</summary>
/// <param name="spec">Of the run.</param>
/// <param name="hearsAbove">Whether layers also hear the layer above, and the top one the label.</param>
internal sealed class LayeredNetwork(ExperimentSpec spec, bool hearsAbove) : INetworkKind
{
    private const int Fp32 = sizeof(float);
    private const int InFlight = 8; // slots that wait at a layer

    public StageTopology Stages { get; } = new(LayerParts.All(spec), spec.Readout);

    public bool LearnsAsWhole => false;

    public bool HasReadoutWeights => true;

    public bool IsAlwaysFp32 => false;

    public StepProducts Products(int pixels) => ProductsOf.Dense(spec, pixels);

    public IReadOnlyList<(int Width, string Name)> Widths(int pixels, int classes) =>
        [.. spec.Layers.Select((units, i) => (units, Invariant($"layers[{i}] of {units} units")))];

    public LayerSlotHandler Stage(int index, int pixels, SlotPlan plan, WorkerPool? threads = null, IAllReduce? others = null)
    {
        var part = Stages.Parts[index];
        var options = LayerOptionsOf.Part(spec, part, pixels, plan);
        IRecurrentLayer layer =
            spec.Precision != Precision.Portable && ComputeDevices.Of(index) is { } device
                ? new DeviceLayer(device, options, others)
                : new FFLayer(options, threads, others);
        return hearsAbove ? new RecurrentLayerStage(spec, part, layer, plan) : new LayerSlotHandler(spec, part, layer, plan);
    }

    public IClassifier Classifier(int pixels, int classes, int maxRows) =>
        new SoftmaxReadout(
            spec.Readout,
            spec.Optimizer.Momentum,
            Features.Of(spec, Stages),
            classes,
            maxRows,
            spec.Precision == Precision.Portable
        );

    public IReadOnlyList<PartMemory> Memory(SlotPlan plan, int pixels, int classes) =>
        [
            .. Stages.Parts.Select(part => new PartMemory(
                $"layer {part.Name}",
                OfLayer(LayerShapes.Of(spec, part, pixels, classes), plan)
            )),
            new PartMemory("the readout", OfReadout(classes, plan)),
        ];

    public double MatrixOperations(SlotPlan plan, int pixels, IReadOnlyList<double> pulling)
    {
        var (rising, iterated) = plan.Rows;
        double Rows((double Passed, double Learned) rows, int layer) =>
            rows.Passed + (rows.Learned * (layer < pulling.Count ? pulling[layer] : 1));
        return 2
            * LayerShapes
                .All(spec, pixels, plan.Classes)
                .Select((layer, i) => (layer.WeightsBelow * Rows(rising, i)) + ((double)layer.Inputs * layer.Units * Rows(iterated, i)))
                .Sum();
    }

    public IReadOnlyList<double> Costs(int pixels, int classes) =>
        [
            .. Stages
                .Parts.Select(part => LayerShapes.Of(spec, part, pixels, classes))
                .Select(layer => (double)layer.Units * layer.Inputs / layer.Replicas),
        ];

    public IReadOnlyList<(string Name, string InFile)> WeightNames(int layer) =>
        [("weights", InitialWeights.Weight(layer)), ("bias", InitialWeights.Bias(layer))];

    public IReadOnlyList<(string Name, int Rows, int Columns)> WeightShapes(int pixels, int classes) =>
        [
            .. LayerShapes
                .All(spec, pixels, classes)
                .SelectMany(
                    (layer, i) => new[] { (InitialWeights.Weight(i), layer.Units, layer.Inputs), (InitialWeights.Bias(i), 1, layer.Units) }
                ),
            (InitialWeights.Readout, classes, Features.Of(spec, Stages).Sum(feature => feature.Units)),
        ];

    public (int Pixels, int Classes) Ends(IReadOnlyList<IReadOnlyList<StateTensor>> stages)
    {
        var classes = InitialWeights.Of(stages[^1], "weights").Rows;
        var inputs = InitialWeights.Of(stages[0], "weights").Columns;
        return (spec.Local.Pixels ?? inputs - LayerShapes.Of(spec, 0, 0, classes).Above, classes);
    }

    private long OfLayer(LayerShape layer, SlotPlan plan)
    {
        long inputs = layer.Inputs,
            units = layer.Units,
            element = ElementBytes;
        var held = hearsAbove ? spec.TopDown.Interleaved * plan.MaxRows * units * (Fp32 + element) : 0;
        var state = units * inputs * Fp32 * (spec.Optimizer.Kind == OptimizerKind.AveragedGradient ? 2 : 3);
        var snapshot = spec.Checkpoint.EverySlots > 0 ? state : 0;
        var rounded = spec.Precision switch
        {
            Precision.Fp32 => 0,
            Precision.Portable => units * inputs * Fp32,
            _ => units * inputs * sizeof(ushort),
        };
        return state + snapshot + rounded + held + (plan.MaxRows * (inputs + (InFlight * (inputs + units))) * element);
    }

    private long OfReadout(int classes, SlotPlan plan)
    {
        var features = Features.Of(spec, Stages).Sum(feature => (long)feature.Units);
        return features * Fp32 * (plan.MaxRows + (classes * (spec.Checkpoint.EverySlots > 0 ? 4 : 2)));
    }

    // Before it is resolved it may be the larger one.
    private int ElementBytes => spec.Precision == Precision.Bf16 ? sizeof(ushort) : Fp32;
}
