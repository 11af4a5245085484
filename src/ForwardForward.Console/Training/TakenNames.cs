using ForwardForward.Learning;

namespace ForwardForward.Console.Training;

/// <summary>Names that runs of a cluster have, which no run here may take: one name is one run.</summary>
/// <param name="Cluster">HOST:PORT; null where none is known.</param>
internal sealed record TakenNames(IReadOnlyList<string> Names, string? Cluster)
{
    public static TakenNames None { get; } = new([], null);

    /// <exception cref="InvalidInputException">A run of the cluster has the name.</exception>
    public void RequireFree(string? name)
    {
        if (name is not null && Names.Contains(name))
        {
            throw new InvalidInputException($"There is a run named '{name}' on the cluster at {Cluster} already: choose another --name.");
        }
    }
}
