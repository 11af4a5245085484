using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Fuzz.Targets;

/// <summary>Files of tensors. What is taken and written again is read as the same tensors.</summary>
internal sealed class SafetensorsTarget : ITarget
{
    public IReadOnlyList<byte[]> Seeds { get; } =
    [Write([Tensor("weights", 2, 3), Tensor("bias", 1, 2)], new() { ["slot"] = "12" }), Write([Tensor("a", 1, 1)], [])];

    public void Decode(byte[] input)
    {
        try
        {
            var content = Safetensors.Read(new MemoryStream(input), input.Length, "input");
            var again = Write(content.Tensors, new(content.Metadata));
            Finding.Unless(
                Safetensors.Read(new MemoryStream(again), again.Length, "again").Tensors.Count == content.Tensors.Count,
                "it is another file when it is written again"
            );
        }
        catch (CheckpointException) { }
    }

    private static byte[] Write(IReadOnlyList<StateTensor> tensors, Dictionary<string, string> metadata) =>
        [.. Safetensors.Write(tensors, metadata).SelectMany(part => part.ToArray())];

    private static StateTensor Tensor(string name, int rows, int columns) =>
        new(name, rows, columns, new byte[rows * columns * sizeof(float)]);
}
