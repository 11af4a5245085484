using ForwardForward.Learning.Backpropagation;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.Networks;

/// <summary>A network that one stage learns as a whole, by backpropagation.</summary>
internal sealed class WholeNetwork(ExperimentSpec spec) : INetworkKind
{
    private static readonly LayerShard All = new(0, 0, 1);

    public StageTopology Stages { get; } = new([All], spec.Readout);

    public bool LearnsAsWhole => true;

    public bool HasReadoutWeights => false;

    public bool IsAlwaysFp32 => !IsPerceptron;

    public IReadOnlyList<(int Width, string Name)> Widths(int pixels, int classes) => [];

    public StepProducts Products(int pixels) => ProductsOf.Dense(spec, pixels);

    public LayerSlotHandler Stage(int index, int pixels, SlotPlan plan, WorkerPool? threads = null, IAllReduce? others = null) =>
        new(
            spec,
            All,
            IsPerceptron
                ? new FusedPerceptron(spec, pixels, plan.Classes, plan.MaxRows, threads)
                : new BackpropagationNetwork(spec, pixels, plan.Classes),
            plan
        );

    public IClassifier Classifier(int pixels, int classes, int maxRows) => new GivenProbabilities(classes);

    // Weights, gradients, moments and a snapshot; what a row leaves behind in every layer, before and after, and its gradient.
    public IReadOnlyList<PartMemory> Memory(SlotPlan plan, int pixels, int classes)
    {
        var layers = NetworkShape.Of(spec, pixels, classes);
        var moments = spec.Optimizer.Kind == OptimizerKind.AveragedGradient ? 1 : 2;
        var points = layers.Sum(layer => (long)layer.Units * Math.Max(1, layer.Side * layer.Side)) + pixels;
        var bytes =
            (layers.Sum(layer => layer.Weights) * sizeof(float) * ((2 * (1 + moments)) + 1)) + (points * plan.MaxRows * sizeof(float) * 4);
        return [new PartMemory("the network", bytes), new PartMemory("the readout", 0)];
    }

    public double MatrixOperations(SlotPlan plan, int pixels, IReadOnlyList<double> pulling)
    {
        var tested = Enumerable.Range(0, (int)plan.SlotCount).Sum(i => (double)plan[i].FastImages);
        var learned = (double)plan.Batches * spec.BatchSize;
        var layers = NetworkShape.Of(spec, pixels, plan.Classes);
        var once = layers.Sum(layer => layer.Multiplications);
        // up, down as far as the second layer, and for the weights
        return 2 * ((once * ((2 * learned) + tested)) + ((once - layers[0].Multiplications) * learned));
    }

    public IReadOnlyList<double> Costs(int pixels, int classes) => [1];

    public IReadOnlyList<(string Name, string InFile)> WeightNames(int layer) =>
        [
            .. Enumerable
                .Range(0, spec.Layers.Count + 1)
                .SelectMany(i => new[] { ($"weights.{i + 1}", InitialWeights.Weight(i)), ($"bias.{i + 1}", InitialWeights.Bias(i)) }),
        ];

    public IReadOnlyList<(string Name, int Rows, int Columns)> WeightShapes(int pixels, int classes) =>
        [
            .. NetworkShape
                .Of(spec, pixels, classes)
                .SelectMany(
                    (layer, i) => new[] { (InitialWeights.Weight(i), layer.Units, layer.Inputs), (InitialWeights.Bias(i), 1, layer.Units) }
                ),
        ];

    // The classes are the units of its last layer, and its pixels what its first one sees, or what is left of them after the convolutions.
    public (int Pixels, int Classes) Ends(IReadOnlyList<IReadOnlyList<StateTensor>> stages)
    {
        var seen = InitialWeights.Of(stages[0], IsPerceptron ? "weights.1" : $"weights.{spec.Layers.Count}").Columns;
        var last = InitialWeights.Of(stages[0], $"weights.{spec.Layers.Count + 1}").Rows;
        if (IsPerceptron || spec.Layers.Count == 1)
        {
            return (seen, last);
        }

        var side = (int)Math.Sqrt(seen / spec.Layers[^2]) << (spec.Layers.Count - 1);
        return (side * side, last);
    }

    private bool IsPerceptron => spec.Backpropagation.Network == NetworkKind.Perceptron;
}
