using System.Security.Cryptography;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>The file that a run starts from where it does not start from random weights.</summary>
internal static class StartFile
{
    /// <summary>The spec with the file's full path and hash, so that it means the same bytes everywhere.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read or is another one than the spec means, or there are two.</exception>
    public static ExperimentSpec Resolve(ExperimentSpec spec)
    {
        var start = spec.Start;
        if (start is { Weights.Length: > 0, State.Length: > 0 })
        {
            throw new InvalidInputException(
                $"start.weights is {start.Weights} and start.state is {start.State}, expected one of the two to start from."
            );
        }

        if (start.File.Length == 0)
        {
            return spec;
        }

        var path = Path.GetFullPath(start.File);
        var rooted = start.Weights.Length > 0 ? start with { Weights = path } : start with { State = path };
        return spec with { Start = rooted with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(Bytes(rooted))) } };
    }

    /// <exception cref="InvalidInputException">The file cannot be read, or is not the one that the spec means.</exception>
    public static IReadOnlyList<StateTensor> Read(StartSpec start)
    {
        var bytes = Bytes(start);
        try
        {
            using var stream = new MemoryStream(bytes);
            return Safetensors.Read(stream, bytes.Length, start.File).Tensors;
        }
        catch (CheckpointException e)
        {
            throw new InvalidInputException(e.Message, e);
        }
    }

    private static byte[] Bytes(StartSpec start)
    {
        var (file, expected) =
            start.Weights.Length > 0
                ? (start.Weights, "a file of weights as `ff export` writes it")
                : (start.State, "a run's whole state as `ff train --from` writes it");
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                e is FileNotFoundException or DirectoryNotFoundException
                    ? $"{file} does not exist, expected {expected}."
                    : $"{file} cannot be read ({e.Message.TrimEnd('.')}), expected {expected}.",
                e
            );
        }

        return start.Sha256.Length == 0 || Convert.ToHexStringLower(SHA256.HashData(bytes)) == start.Sha256
            ? bytes
            : throw new InvalidInputException($"{file} is not the file that the spec means, expected one with the SHA-256 {start.Sha256}.");
    }
}
