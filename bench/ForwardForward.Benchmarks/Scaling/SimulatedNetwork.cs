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

    /// <summary>A silo for every stage of the shared ones: stages that only wait would not slow each other down on one.</summary>
    public const int TopHeavySilos = 3 + Wide;

    /// <summary>Images of a batch: a replica needs one of its own.</summary>
    public int Batch => Replicas.Append(1).Max();

    /// <summary>A layer for every silo.</summary>
    public static SimulatedNetwork Balanced(int silos) => new("", [.. Enumerable.Repeat(Units, silos)], [], []);

    /// <summary>Four layers of which the top one takes more time than all others together, whole and shared by four stages.</summary>
    public static IReadOnlyList<SimulatedNetwork> TopHeavy { get; } =
    [
        new("whole", [Units, Units, Units, Wide * Units], [], []),
        new("shards", [Units, Units, Units, Wide * Units], [1, 1, 1, Wide], []),
        new("replicas", [Units, Units, Units, Wide * Units], [], [1, 1, 1, Wide]),
    ];
}
