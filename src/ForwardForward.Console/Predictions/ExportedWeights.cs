using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Networks;

namespace ForwardForward.Console.Predictions;

/// <summary>
/// A network's weights in one safetensors file, for other programs: docs/weights.md says what is in it and how to compute with it.
/// </summary>
internal static class ExportedWeights
{
    /// <returns>Size of the file in bytes.</returns>
    /// <exception cref="InvalidInputException">The file is there already, or cannot be written.</exception>
    public static long Write(RunCheckpoint checkpoint, string path)
    {
        var metadata = NetworkFile.Metadata(checkpoint.Spec);
        metadata["run"] = checkpoint.Run;
        metadata["slot"] = $"{checkpoint.Manifest.Slot}";
        metadata["fingerprint"] = checkpoint.Manifest.Fingerprint;
        return WholeFile.TryCreate(path, Safetensors.Write(NetworkFile.Tensors(checkpoint.Spec, checkpoint.Stages), metadata))
            ?? throw new InvalidInputException($"{path} is there already, expected a new file.");
    }
}
