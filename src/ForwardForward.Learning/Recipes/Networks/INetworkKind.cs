using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.Networks;

/// <summary>What a network is made of: its stages, their weights, and what they cost.</summary>
internal interface INetworkKind
{
    /// <summary>The stages of its layers.</summary>
    StageTopology Stages { get; }

    /// <summary>
    /// Whether one stage learns the network as a whole: then layers have no goodness, and class probabilities are the network's own.
    /// </summary>
    bool LearnsAsWhole { get; }

    /// <summary>Widths of the rows that its stages send, with what to call them.</summary>
    IReadOnlyList<(int Width, string Name)> Widths(int pixels, int classes);

    /// <summary>Whether the readout has weights of its own.</summary>
    bool HasReadoutWeights { get; }

    /// <summary>Whether its products are in fp32 whatever the machine does best.</summary>
    bool IsAlwaysFp32 { get; }

    /// <summary>The matrix products of a step.</summary>
    StepProducts Products(int pixels);

    /// <summary>Makes what handles the slots of one stage.</summary>
    /// <param name="index">Position among the stages that layers make, from 0.</param>
    /// <param name="pixels">Width of the pictures.</param>
    /// <param name="plan">Slots of the run.</param>
    /// <param name="threads">Threads that share one step; null means the caller's alone.</param>
    /// <param name="others">Where it is one part of a layer: the way to the other ones.</param>
    LayerSlotHandler Stage(int index, int pixels, SlotPlan plan, WorkerPool? threads = null, IAllReduce? others = null);

    /// <summary>Makes what turns the rows of the layers that count into class probabilities.</summary>
    /// <param name="pixels">Width of the pictures.</param>
    /// <param name="maxRows">Most rows at a time.</param>
    IClassifier Classifier(int pixels, int classes, int maxRows);

    /// <summary>Bytes of every stage, from the bottom up, then of the readout.</summary>
    IReadOnlyList<PartMemory> Memory(SlotPlan plan, int pixels, int classes);

    /// <summary>Floating-point operations of all matrix products of the run.</summary>
    /// <param name="pulling">
    /// Share of the learned rows that have a pull, in every layer, since the others are in no g^T x; what is missing counts as 1.
    /// </param>
    double MatrixOperations(SlotPlan plan, int pixels, IReadOnlyList<double> pulling);

    /// <summary>Multiplications of a row in every stage: what its time goes into.</summary>
    IReadOnlyList<double> Costs(int pixels, int classes);

    /// <summary>Tensors of a layer's stage, and what they are called in a file of weights.</summary>
    IReadOnlyList<(string Name, string InFile)> WeightNames(int layer);

    /// <summary>What a file of weights must hold, the readout's included.</summary>
    IReadOnlyList<(string Name, int Rows, int Columns)> WeightShapes(int pixels, int classes);

    /// <summary>Pixels and classes of a trained network, as its state tells them.</summary>
    /// <param name="stages">State of every layer from the bottom up, then the readout's.</param>
    /// <exception cref="InvalidInputException">It is the state of another network.</exception>
    (int Pixels, int Classes) Ends(IReadOnlyList<IReadOnlyList<StateTensor>> stages);
}
