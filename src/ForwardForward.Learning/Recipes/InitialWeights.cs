using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// The weights that a run starts from where it does not start from random ones: a safetensors file with the names of docs/weights.md, as
/// <c>ff export</c> writes it. Optimizers and running means start as ever.
/// </summary>
internal static class InitialWeights
{
    public static string Weight(int layer) => $"layers.{layer}.weight";

    public static string Bias(int layer) => $"layers.{layer}.bias";

    public const string Readout = "readout.weight";

    /// <exception cref="InvalidInputException">The stage has no such tensor.</exception>
    internal static StateTensor Of(IReadOnlyList<StateTensor> stage, string name) =>
        stage.FirstOrDefault(tensor => tensor.Name == name)
        ?? throw new InvalidInputException($"The checkpoint has a stage without a tensor '{name}': it is of another network.");

    /// <exception cref="InvalidInputException">The file is not there, is another one, or has the weights of another network.</exception>
    public static void Check(ExperimentSpec spec, int pixels, int classes)
    {
        if (spec.Start.Weights.Length == 0)
        {
            return;
        }

        var tensors = StartFile.Read(spec.Start);
        foreach (var (name, rows, columns) in Recipe.Of(spec).Network.WeightShapes(pixels, classes))
        {
            Find(spec.Start, tensors, name, rows, columns);
        }
    }

    /// <param name="stage">A fresh stage's whole state.</param>
    /// <param name="shard">Which units of its layer the stage has.</param>
    /// <param name="names">Its tensors that come from the file, and what they are called there.</param>
    /// <returns>The state with these in it.</returns>
    internal static IReadOnlyList<StateTensor> Into(
        StartSpec start,
        IReadOnlyList<StateTensor> stage,
        LayerShard shard,
        params (string Name, string InFile)[] names
    )
    {
        var tensors = StartFile.Read(start);
        return
        [
            .. stage.Select(tensor =>
                names.FirstOrDefault(name => name.Name == tensor.Name) is { InFile: { } inFile }
                    ? tensor with
                    {
                        Data = Whole(inFile, tensor).Data.Slice(shard.Number * tensor.Data.Length, tensor.Data.Length),
                    }
                    : tensor
            ),
        ];

        // Units are the rows of weights and the columns of a bias: either way those of one part follow each other.
        StateTensor Whole(string name, StateTensor part) =>
            part.Name.StartsWith("bias", StringComparison.Ordinal)
                ? Find(start, tensors, name, part.Rows, part.Columns * shard.Count)
                : Find(start, tensors, name, part.Rows * shard.Count, part.Columns);
    }

    private static StateTensor Find(StartSpec start, IReadOnlyList<StateTensor> tensors, string name, int rows, int columns)
    {
        var found =
            tensors.FirstOrDefault(tensor => tensor.Name == name)
            ?? throw new InvalidInputException($"{start.Weights} has no tensor '{name}', expected one of {rows} x {columns}.");
        if ((found.Rows, found.Columns) != (rows, columns))
        {
            throw new InvalidInputException(
                $"{start.Weights} has a tensor '{name}' of {found.Rows} x {found.Columns}, expected {rows} x {columns} for this network."
            );
        }

        return found.ToFloats().All(float.IsFinite)
            ? found
            : throw new InvalidInputException($"{start.Weights} has a value in '{name}' that is no finite number.");
    }
}
