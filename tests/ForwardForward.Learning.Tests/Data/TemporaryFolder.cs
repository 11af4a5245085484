namespace ForwardForward.Learning.Tests.Data;

internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("ff-data-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    /// <returns>The path of a new file with these bytes.</returns>
    public string Save(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
