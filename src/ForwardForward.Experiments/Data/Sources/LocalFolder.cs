using ForwardForward.Learning.Data;

namespace ForwardForward.Experiments.Data.Sources;

/// <summary>A folder of this machine that holds the files, plain or gzip.</summary>
internal sealed class LocalFolder(string path) : IDataSource
{
    public string Name => $"the folder {path}";

    public void Fetch(IReadOnlyList<string> files, string folder, CancellationToken ct)
    {
        foreach (var file in files)
        {
            ct.ThrowIfCancellationRequested();
            var from = IdxFolder.Find(path, file) ?? throw new FileNotFoundException($"it has no {file}");
            File.Copy(from, Path.Combine(folder, Path.GetFileName(from)), overwrite: true);
        }
    }
}
