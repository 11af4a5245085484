using ForwardForward.Learning.Networks;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Console.Predictions;

/// <summary>A network's weights as other programs get them: docs/weights.md names them and says how to compute with them.</summary>
internal static class ExportedWeights
{
    /// <summary>Every layer whole, from the bottom up, then the readout.</summary>
    public static IReadOnlyList<StateTensor> Of(RunCheckpoint checkpoint) => NetworkFile.Tensors(checkpoint.Spec, checkpoint.Stages);

    /// <summary>Where the weights come from.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(RunCheckpoint checkpoint)
    {
        var metadata = NetworkFile.Metadata(checkpoint.Spec);
        metadata["run"] = checkpoint.Run;
        metadata["slot"] = $"{checkpoint.Manifest.Slot}";
        metadata["fingerprint"] = checkpoint.Manifest.Fingerprint;
        return metadata;
    }

    /// <summary>As one safetensors file.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Safetensors(RunCheckpoint checkpoint) =>
        Learning.Checkpoints.Safetensors.Write(Of(checkpoint), Metadata(checkpoint));
}
