using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
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
        var layers = checkpoint.Stages.SkipLast(1).SelectMany((stage, i) => Named(stage, [.. InitialWeights.Names(checkpoint.Spec, i)]));
        List<StateTensor> tensors = [.. layers, .. checkpoint.Spec.Backpropagation.IsOn ? [] : Named(checkpoint.Stages[^1], ("weights", InitialWeights.Readout))];
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt", // what loaders of other programs ask for
            ["run"] = checkpoint.Run,
            ["slot"] = $"{checkpoint.Manifest.Slot}",
            ["fingerprint"] = checkpoint.Manifest.Fingerprint,
            ["spec"] = SpecReader.Write(checkpoint.Spec),
        };
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew);
            foreach (var part in Safetensors.Write(tensors, metadata))
            {
                file.Write(part.Span);
            }

            return file.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(File.Exists(path) ? $"{path} is there already, expected a new file." : $"{path} cannot be written ({e.Message.TrimEnd('.')}), expected a file in a folder that is there.", e);
        }
    }

    private static IEnumerable<StateTensor> Named(IReadOnlyList<StateTensor> stage, params (string From, string To)[] names) =>
        names.Select(name => stage.First(tensor => tensor.Name == name.From) with { Name = name.To });
}
