using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ForwardForward.Learning.Data;

/// <summary>What tells one data set from another.</summary>
internal static class DataDigest
{
    /// <summary>
    /// SHA-256 over count, height, width and, where there are several, channels (32 bits each, little-endian), pixels and labels of each
    /// part in turn, in hexadecimal.
    /// </summary>
    public static string Of(params ReadOnlySpan<LabelledImages> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            Append(hash, part.Count, part.Height, part.Width);
            if (part.Channels > 1)
            {
                Append(hash, part.Channels);
            }

            hash.AppendData(part.Pixels);
            hash.AppendData(MemoryMarshal.AsBytes<float>(part.Values));
            hash.AppendData(part.Labels);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, params ReadOnlySpan<int> sizes)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (var size in sizes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, size);
            hash.AppendData(bytes);
        }
    }
}
