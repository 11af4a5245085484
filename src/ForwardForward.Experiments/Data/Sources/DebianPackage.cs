namespace ForwardForward.Experiments.Data.Sources;

/// <summary>A Debian package that carries the files: downloaded and unpacked, not installed, so it needs no root.</summary>
/// <param name="package">Its name.</param>
/// <param name="inside">The folder of the files in the package, without a slash at its start.</param>
/// <param name="apt">The program that downloads it: a name on the PATH, or a file.</param>
internal sealed class DebianPackage(string package, string inside, string apt = "apt-get") : IDataSource
{
    private const string Unknown = "Unable to locate package";

    public string Name => $"the Debian package {package}";

    public void Fetch(IReadOnlyList<string> files, string folder, CancellationToken ct)
    {
        Download(folder, ct);
        Tool.Run("dpkg-deb", ["-x", Directory.GetFiles(folder, "*.deb").Single(), "unpacked"], folder, ct);
        new LocalFolder(Path.Combine(folder, "unpacked", inside)).Fetch(files, folder, ct);
    }

    private void Download(string folder, CancellationToken ct)
    {
        try
        {
            Tool.Run(apt, ["download", package, "-q", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10"], folder, ct);
        }
        catch (IOException e) when (e.Message.Contains(Unknown, StringComparison.Ordinal))
        {
            throw new IOException("this machine's lists of packages do not have it: `apt-get update`, as root, fetches them", e);
        }
    }
}
