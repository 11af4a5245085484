using System.Runtime.InteropServices;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.CheckpointWriter;

/// <summary>A checkpoint of a few hundred bytes a file, every one of them known.</summary>
internal static class SmallCheckpoint
{
    public const string Spec = "{ \"seed\": 1 }";
    public const string Fingerprint = "cpu/test";
    public const string Layer = "layer-1.safetensors";
    public const string Source = "source.json";
    public const string Writer = "writer";

    /// <summary>Writes its files, in order, and its manifest.</summary>
    /// <returns>What could not be removed.</returns>
    public static IReadOnlyList<string> Write(CheckpointFolder folder, CheckpointId id)
    {
        var layer = folder.WriteTensors(id, Layer, Tensors(id.Slot), new Dictionary<string, string> { ["slot"] = $"{id.Slot}" });
        var source = folder.WriteFile(id, Source, [SourceState(id.Slot)]);
        return folder.Commit(new CheckpointManifest("small", id.Generation, id.Slot, Fingerprint, Spec, [layer, source]));
    }

    /// <summary>The state after a slot, the same whoever computes it.</summary>
    public static IReadOnlyList<StateTensor> Tensors(long slot) =>
        [new("weights", 2, 3, Values(slot, 6)), new("bias", 1, 2, Values(-slot, 2))];

    public static byte[] SourceState(long slot) => [.. $"{{ \"slot\": {slot} }}\n".Select(c => (byte)c)];

    private static byte[] Values(long first, int count) =>
        [.. MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, count).Select(i => (float)(first + i))])];
}
