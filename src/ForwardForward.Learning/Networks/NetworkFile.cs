using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Networks;

/// <summary>
/// A network's weights in one safetensors file, under the names of docs/weights.md, with the spec that says how they are used.
/// </summary>
public static class NetworkFile
{
    internal const string SpecKey = "spec";
    internal const string StateHashKey = "stateHash";
    internal const string ClassesKey = "classes";

    /// <param name="stages">State of every layer's stages from the bottom up, then the readout's.</param>
    /// <returns>Weights and biases alone, every layer whole.</returns>
    internal static IReadOnlyList<StateTensor> Tensors(ExperimentSpec spec, IReadOnlyList<IReadOnlyList<StateTensor>> stages)
    {
        var network = Recipe.Of(spec).Network;
        var layers = Enumerable
            .Range(0, network.Stages.Layers)
            .SelectMany(layer => Named([.. Shards(network.Stages, layer).Select(stage => stages[stage])], [.. network.WeightNames(layer)]));
        return [.. layers, .. network.HasReadoutWeights ? Named([stages[^1]], ("weights", InitialWeights.Readout)) : []];
    }

    /// <summary>What loaders of other programs ask for, and what is needed to use the weights again.</summary>
    internal static Dictionary<string, string> Metadata(ExperimentSpec spec) =>
        new() { ["format"] = "pt", [SpecKey] = SpecReader.Write(spec) };

    /// <summary>Every tensor of the file, and its metadata.</summary>
    /// <param name="path">Of a file that <see cref="FFNetwork.Save"/> or `ff export` wrote.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, or is no file of weights.</exception>
    public static SafetensorsContent Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Safetensors.Read(stream, stream.Length, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidInputException($"{path} does not exist, expected a network's file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path} cannot be read ({e.Message.TrimEnd('.')}), expected a network's file.", e);
        }
        catch (CheckpointException e)
        {
            throw new InvalidInputException(e.Message, e);
        }
    }

    /// <exception cref="InvalidInputException">The file says nothing of its network, or what this version does not know.</exception>
    internal static ExperimentSpec Spec(string path, SafetensorsContent file)
    {
        if (!file.Metadata.TryGetValue(SpecKey, out var json))
        {
            throw new InvalidInputException(
                $"{path} has weights and no '{SpecKey}' that says how they are used, "
                    + "expected a file that FFNetwork.Save or `ff export` wrote."
            );
        }

        var spec = SpecReader.Parse(json, $"{path}, {SpecKey}") with { Start = new() };
        return spec.Precision != Precision.Auto
            ? spec
            : throw new InvalidInputException($"{path} does not say which precision its network has, expected fp32 or bf16.");
    }

    /// <returns>Width of a row, and the number of classes.</returns>
    /// <exception cref="InvalidInputException">The weights are of another network than the spec.</exception>
    internal static (int Features, int Classes) Ends(string path, SafetensorsContent file, ExperimentSpec spec)
    {
        if (Recipe.Of(spec).Network is not LayeredNetwork)
        {
            throw new InvalidInputException(
                $"{path} has a network that learned by backpropagation or is convolutional, expected one of dense Forward-Forward layers."
            );
        }

        var (first, readout) = (Find(path, file, InitialWeights.Weight(0)), Find(path, file, InitialWeights.Readout));
        return (spec.Local.Pixels ?? first.Columns - LayerShapes.Of(spec, 0, 0, readout.Rows).Above, readout.Rows);
    }

    private static StateTensor Find(string path, SafetensorsContent file, string name) =>
        file.Tensors.FirstOrDefault(tensor => tensor.Name == name)
        ?? throw new InvalidInputException($"{path} has no tensor '{name}', expected the weights of a network.");

    // Replicas are all alike.
    private static IEnumerable<int> Shards(StageTopology stages, int layer) =>
        stages.StagesOf(layer).Where(stage => stages.Parts[stage] is { IsReplica: false } or { Number: 0 });

    /// <param name="parts">State of the stages that have a layer together.</param>
    private static IEnumerable<StateTensor> Named(IReadOnlyList<IReadOnlyList<StateTensor>> parts, params (string From, string To)[] names)
    {
        foreach (var (from, to) in names)
        {
            yield return StateTensor.Joined([.. parts.Select(part => part.First(tensor => tensor.Name == from))]) with
            {
                Name = to,
            };
        }
    }
}
