using ForwardForward.Learning.Data;

namespace ForwardForward.Experiments.Data;

/// <summary>Four IDX files whose uncompressed bytes are known.</summary>
/// <param name="files">In the order of <see cref="IdxFolder.Files"/>.</param>
internal sealed class PublishedIdxFiles(IReadOnlyList<KnownFile> files) : IPublishedFiles
{
    public IReadOnlyList<KnownFile> Files => files;

    public IReadOnlyList<string> Asked => IdxFolder.Files;

    public string Remedy => $"any folder with the four IDX files {string.Join(", ", IdxFolder.Files)} works with --data.";

    public bool AreIn(string folder) => files.All(file => IdxFolder.Find(folder, file.Name) is not null);

    public void Verify(string folder)
    {
        foreach (var file in files)
        {
            file.ReadVerified(IdxFolder.Find(folder, file.Name)!);
        }
    }

    public void Take(string brought, string kept, CancellationToken ct)
    {
        foreach (var file in files)
        {
            ct.ThrowIfCancellationRequested();
            var path = IdxFolder.Find(brought, file.Name) ?? throw new FileNotFoundException($"it has no {file.Name}");
            File.WriteAllBytes(Path.Combine(kept, file.Name), file.ReadVerified(path));
        }
    }

    public DataSet Read(string name, string folder) => IdxFolder.Read(name, folder);
}
