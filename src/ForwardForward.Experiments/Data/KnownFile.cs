using System.Security.Cryptography;
using ForwardForward.Learning.Data;

namespace ForwardForward.Experiments.Data;

/// <summary>A published file, uncompressed: its name, bytes and SHA-256 in lower-case hex.</summary>
internal sealed record KnownFile(string Name, int Length, string Sha256)
{
    /// <summary>Reads the file, plain or gzip, and compares its uncompressed bytes with the published ones.</summary>
    /// <exception cref="InvalidDataException">They differ; the message has no full stop, so that a remedy can follow.</exception>
    public byte[] ReadVerified(string path)
    {
        var bytes = new byte[Length];
        var read = Fill(bytes, path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, read)));
        return hash == Sha256
            ? bytes
            : throw new InvalidDataException($"{path} has a SHA-256 that starts with {hash[..12]}, expected {Sha256[..12]}");
    }

    private static int Fill(byte[] bytes, string path)
    {
        try
        {
            using var stream = MaybeGzip.Open(File.OpenRead(path), out _);
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (stream.ReadByte() < 0)
            {
                return read;
            }
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path} is a damaged gzip file, expected {bytes.Length} uncompressed bytes", e);
        }

        throw new InvalidDataException($"{path} has more than the expected {bytes.Length} bytes");
    }
}
