using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// The whole state that a run trains on from: weights, optimizers and means of every stage as another run of the same network ended with
/// them. What that run was measuring, and its batches that waited for their negatives, stay behind.
/// </summary>
internal static class InitialState
{
    /// <param name="stages">State of every stage of a run that is done, the readout's last.</param>
    /// <returns>The tensors of one file.</returns>
    public static IReadOnlyList<StateTensor> File(IReadOnlyList<IReadOnlyList<StateTensor>> stages) =>
        [.. stages.SelectMany((stage, i) => stage.Select(tensor => tensor with { Name = Name(i, tensor.Name) }))];

    /// <param name="stage">Position among all stages; the readout's follows the layers'.</param>
    /// <param name="fresh">What a fresh stage keeps.</param>
    /// <param name="names">Of its tensors that come from the file.</param>
    /// <returns>The same with these as in the file.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read, or has the state of another network.</exception>
    public static IReadOnlyList<StateTensor> Into(StartSpec start, int stage, IReadOnlyList<StateTensor> fresh, IEnumerable<string> names)
    {
        var (tensors, given) = (StartFile.Read(start), names.ToHashSet());
        return [.. fresh.Select(tensor => given.Contains(tensor.Name) ? Find(start, tensors, stage, tensor) : tensor)];
    }

    /// <summary>Tries every stage, before a run is made.</summary>
    /// <param name="spec">Of the run.</param>
    /// <param name="data">Of the run.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, or has the state of another network.</exception>
    public static void Check(ExperimentSpec spec, DataSet data)
    {
        if (spec.Start.State.Length > 0)
        {
            using var _ = new SequentialTrainer(spec, data, new WorkerPool(1));
        }
    }

    private static StateTensor Find(StartSpec start, IReadOnlyList<StateTensor> tensors, int stage, StateTensor wanted)
    {
        var name = Name(stage, wanted.Name);
        return
            tensors.FirstOrDefault(tensor => tensor.Name == name) is { } found
            && (found.Rows, found.Columns) == (wanted.Rows, wanted.Columns)
            ? found with
            {
                Name = wanted.Name,
            }
            : throw new InvalidInputException(
                $"{start.State} has no tensor '{name}' of {wanted.Rows} x {wanted.Columns}: it is the state of another network."
            );
    }

    private static string Name(int stage, string name) => $"stages.{stage}.{name}";
}
