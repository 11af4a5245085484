using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using ForwardForward.Experiments.Data.Folders;
using ForwardForward.Learning.Data;

namespace ForwardForward.Experiments.Data;

/// <summary>
/// A packed archive (<c>.tar.gz</c>) of known bytes with the binary files of CIFAR in it. The cache keeps what was in it, and a list of
/// SHA-256 by which every file is verified again when it is used.
/// </summary>
/// <param name="name">Of the archive.</param>
/// <param name="sha256">Of the archive, in lower-case hex.</param>
/// <param name="form">Of the files in it.</param>
internal sealed class PublishedArchive(string name, string sha256, CifarForm form) : IPublishedFiles
{
    private const int ShownDigits = 12;
    private const string Sums = "SHA256SUMS"; // as sha256sum writes and checks it

    public string Sha256 => sha256;

    public IReadOnlyList<string> Asked => [name];

    public string Remedy =>
        $"any folder with the files {string.Join(", ", form.Files)} works with --data, as does the unpacked folder {form.Folder}.";

    private IReadOnlyList<string> Kept => [.. form.Files, form.Names];

    public bool AreIn(string folder) => Kept.Append(Sums).All(file => File.Exists(Path.Combine(folder, file)));

    public void Verify(string folder)
    {
        var sums = File.ReadAllLines(Path.Combine(folder, Sums))
            .Select(line => line.Split("  ", 2))
            .Where(parts => parts.Length == 2)
            .ToLookup(parts => parts[1], parts => parts[0]);
        foreach (var file in Kept)
        {
            var path = Path.Combine(folder, file);
            Require(path, Hash(path), sums[file].FirstOrDefault() ?? "");
        }
    }

    public void Take(string brought, string kept, CancellationToken ct)
    {
        var archive = Path.Combine(brought, name);
        if (!File.Exists(archive))
        {
            throw new FileNotFoundException($"it has no {name}");
        }

        Require(archive, Hash(archive), sha256);
        Unpack(archive, kept, ct);
        File.WriteAllLines(Path.Combine(kept, Sums), Kept.Select(file => $"{Hash(Path.Combine(kept, file))}  {file}"));
    }

    public DataSet Read(string called, string folder) => DataFolder.Read(called, folder);

    private void Unpack(string archive, string kept, CancellationToken ct)
    {
        using var unpacked = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var reader = new TarReader(unpacked);
        while (reader.GetNextEntry() is { } entry)
        {
            ct.ThrowIfCancellationRequested();
            if (Kept.FirstOrDefault(file => entry.Name == $"{form.Folder}/{file}") is { } file)
            {
                entry.ExtractToFile(Path.Combine(kept, file), overwrite: true);
            }
        }

        if (Kept.FirstOrDefault(file => !File.Exists(Path.Combine(kept, file))) is { } missing)
        {
            throw new FileNotFoundException($"its {name} has no {form.Folder}/{missing}");
        }
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static void Require(string path, string hash, string expected)
    {
        if (hash != expected)
        {
            throw new InvalidDataException(
                $"{path} has a SHA-256 that starts with {hash[..ShownDigits]}, expected "
                    + $"{(expected.Length == 0 ? $"one in {Sums}" : expected[..Math.Min(ShownDigits, expected.Length)])}"
            );
        }
    }
}
