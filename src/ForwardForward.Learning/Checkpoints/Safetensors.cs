using System.Buffers.Binary;
using System.Security.Cryptography;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Checkpoints;

/// <param name="Tensors">In the order of the file.</param>
public sealed record SafetensorsContent(IReadOnlyList<StateTensor> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>
/// Files of named tensors as other tools read them: the header's length in eight bytes, a header in JSON, the values. Ours hold matrices of
/// fp32. The format lets a reader know every length before it takes memory, and this one accepts nothing that two readers could understand
/// differently: no byte is unaccounted for or used twice.
/// </summary>
public static class Safetensors
{
    internal const int LengthBytes = 8;

    /// <returns>The parts of the file in order; those after the first are the tensors' own memory.</returns>
    /// <exception cref="ArgumentException">A tensor has no name, or one given twice, or not the bytes of its shape.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Write(
        IReadOnlyList<StateTensor> tensors,
        IReadOnlyDictionary<string, string> metadata
    ) => [SafetensorsHeader.Write(tensors, metadata), .. tensors.Select(tensor => tensor.Data)];

    /// <returns>SHA-256 of the file that <see cref="Write"/> makes, as <see cref="CheckpointFile.Sha256"/> has it.</returns>
    internal static string Sha256Of(IReadOnlyList<StateTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in Write(tensors, metadata))
        {
            hash.AppendData(part.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <param name="length">Of the whole file, in bytes.</param>
    /// <param name="origin">The file's name, as error sentences begin.</param>
    /// <exception cref="CheckpointException">
    /// The file is not exactly what its header says, or the header is not exactly of the format.
    /// </exception>
    public static SafetensorsContent Read(Stream stream, long length, string origin)
    {
        try
        {
            var header = ReadHeader(stream, length, origin);
            var tensors = header.Tensors.Select(tensor => tensor with { Data = ReadValues(stream, tensor) }).ToList();
            return stream.ReadByte() < 0
                ? new SafetensorsContent(tensors, header.Metadata)
                : throw new CheckpointException($"{origin} has trailing data, expected {length} bytes.");
        }
        catch (EndOfStreamException e)
        {
            throw new CheckpointException($"{origin} is truncated, expected {length} bytes.", e);
        }
    }

    private static SafetensorsContent ReadHeader(Stream stream, long length, string origin)
    {
        var prefix = new byte[LengthBytes];
        stream.ReadExactly(prefix);
        var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerBytes > SafetensorsHeader.Largest || (long)headerBytes > length - LengthBytes)
        {
            throw new CheckpointException(
                $"{origin} claims a header of {headerBytes} bytes, expected at most "
                    + $"{Math.Min(SafetensorsHeader.Largest, length - LengthBytes)} in a file of {length}."
            );
        }

        var header = new byte[headerBytes];
        stream.ReadExactly(header);
        return new SafetensorsHeader(origin).Read(header, length - LengthBytes - header.Length);
    }

    private static byte[] ReadValues(Stream stream, StateTensor tensor)
    {
        var values = GC.AllocateUninitializedArray<byte>(tensor.Rows * tensor.Columns * sizeof(float));
        stream.ReadExactly(values);
        return values;
    }
}
