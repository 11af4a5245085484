using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Exactness;

/// <summary>
/// The name of a model and its optimizer: equal hash, equal bytes. Every stage (layers from the bottom up, then the readout) hashes its own
/// state where it lives, and the run's hash is taken over those digests in order.
/// </summary>
internal static class StateHash
{
    /// <summary>SHA-256 over, for each tensor, the line "name dtype [rows,columns]\n" in UTF-8 and its raw little-endian bytes.</summary>
    public static byte[] OfStage(IEnumerable<(string Name, Matrix Value)> state)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in state)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{name} F32 [{value.Rows},{value.Columns}]\n");
            hash.AppendData(Encoding.UTF8.GetBytes(line));
            for (var row = 0; row < value.Rows; row++)
            {
                hash.AppendData(value.Row<byte>(row));
            }
        }

        return hash.GetHashAndReset();
    }

    /// <summary>SHA-256 over the stages' digests in order, as 64 lower-case hexadecimal digits.</summary>
    public static string OfRun(IEnumerable<byte[]> stages) => Convert.ToHexStringLower(SHA256.HashData([.. stages.SelectMany(s => s)]));
}
