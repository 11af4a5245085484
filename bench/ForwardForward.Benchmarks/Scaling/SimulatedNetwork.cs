using ForwardForward.Learning.Specs;

namespace ForwardForward.Benchmarks.Scaling;

/// <summary>
/// A network of timed stages: a layer of as many units as the pictures have pixels takes one measure of time for a slot, one of four times
/// as many four.
/// </summary>
/// <param name="Name">For a person; empty where every silo has a layer like all others.</param>
/// <param name="Layers">
/// Units, from the bottom up; only the last may be wider, since its width is also what a layer above would hear.
/// </param>
/// <param name="Shards">Parts of every layer's units.</param>
/// <param name="Replicas">Copies of every layer.</param>
public sealed record SimulatedNetwork(string Name, IReadOnlyList<int> Layers, IReadOnlyList<int> Shards, IReadOnlyList<int> Replicas)
{
    /// <summary>Units of an ordinary layer.</summary>
    public const int Units = 64;

    private const int Wide = 4;
    private const int MnistSide = 28;

    /// <summary>A silo for every stage of the shared ones: stages that only wait would not slow each other down on one.</summary>
    public const int TopHeavySilos = 3 + Wide;

    /// <summary>Images of a batch: a replica needs one of its own.</summary>
    public int Batch => Replicas.Append(1).Max();

    /// <summary>Silos for <see cref="Deeper17"/>.</summary>
    public const int Deeper17Silos = 4;

    /// <summary>How its layers convolve; empty where they are dense.</summary>
    public IReadOnlyList<ConvolutionLayerSpec> Convolutions { get; init; } = [];

    /// <summary>Pixels a side of the pictures.</summary>
    public int Side { get; init; } = 8;

    /// <summary>Multiplications of a layer that takes one measure of time.</summary>
    public double Multiplications { get; init; } = Units * Units;

    /// <summary>A layer for every silo.</summary>
    public static SimulatedNetwork Balanced(int silos) => new("", [.. Enumerable.Repeat(Units, silos)], [], []);

    /// <summary>Four layers of which the top one takes more time than all others together, whole and shared by four stages.</summary>
    public static IReadOnlyList<SimulatedNetwork> TopHeavy { get; } =
    [
        new("whole", [Units, Units, Units, Wide * Units], [], []),
        new("shards", [Units, Units, Units, Wide * Units], [1, 1, 1, Wide], []),
        new("replicas", [Units, Units, Units, Wide * Units], [], [1, 1, 1, Wide]),
    ];

    /// <summary>The seventeen layers of conv-deeper17 on MNIST's pictures, in the ratio of their multiplications.</summary>
    public static SimulatedNetwork Deeper17
    {
        get
        {
            var spec = Presets.Get("conv-deeper17");
            return new SimulatedNetwork("conv-deeper17", spec.Layers, [], [])
            {
                Convolutions = spec.Convolutions,
                Side = MnistSide,
                Multiplications = 9.0 * spec.Layers[0] * spec.Layers[0] * MnistSide * MnistSide, // of the second layer
            };
        }
    }
}
