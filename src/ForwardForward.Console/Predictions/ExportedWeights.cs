using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Predictions;

/// <summary>A network's weights in one safetensors file, for other programs: docs/weights.md says what is in it and how to compute with it.</summary>
internal static class ExportedWeights
{
    /// <returns>Size of the file in bytes.</returns>
    /// <exception cref="InvalidInputException">The file is there already, or cannot be written.</exception>
    public static long Write(RunCheckpoint checkpoint, string path)
    {
        var layers = Enumerable.Range(0, checkpoint.Spec.MeasuredLayers).SelectMany(layer =>
            Named([.. Shards(checkpoint.Spec, layer).Select(stage => checkpoint.Stages[stage])], [.. InitialWeights.Names(checkpoint.Spec, layer)]));
        List<StateTensor> tensors = [.. layers, .. checkpoint.Spec.Backpropagation.IsOn ? [] : Named([checkpoint.Stages[^1]], ("weights", InitialWeights.Readout))];
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt", // what loaders of other programs ask for
            ["run"] = checkpoint.Run,
            ["slot"] = $"{checkpoint.Manifest.Slot}",
            ["fingerprint"] = checkpoint.Manifest.Fingerprint,
            ["spec"] = SpecReader.Write(checkpoint.Spec),
        };
        return WholeFile.TryCreate(path, Safetensors.Write(tensors, metadata)) ?? throw new InvalidInputException($"{path} is there already, expected a new file.");
    }

    // Replicas are all alike.
    private static IEnumerable<int> Shards(ExperimentSpec spec, int layer) =>
        LayerPart.Stages(spec, layer).Where(stage => LayerPart.All(spec)[stage] is { IsReplica: false } or { Number: 0 });

    /// <param name="parts">State of the stages that have a layer together.</param>
    private static IEnumerable<StateTensor> Named(IReadOnlyList<IReadOnlyList<StateTensor>> parts, params (string From, string To)[] names) =>
        names.Select(name => StateTensor.Joined([.. parts.Select(part => part.First(tensor => tensor.Name == name.From))]) with { Name = name.To });
}
