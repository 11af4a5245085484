namespace ForwardForward.Experiments.Data.Sources;

/// <summary>A Debian package that carries the files: downloaded and unpacked, not installed, so it needs no root.</summary>
/// <param name="package">Its name.</param>
/// <param name="inside">The folder of the files in the package, without a slash at its start.</param>
internal sealed class DebianPackage(string package, string inside) : IDataSource
{
    public string Name => $"the Debian package {package}";

    public void Fetch(IReadOnlyList<string> files, string folder, CancellationToken ct)
    {
        Tool.Run("apt-get", ["download", package, "-q", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10"], folder, ct);
        Tool.Run("dpkg-deb", ["-x", Directory.GetFiles(folder, "*.deb").Single(), "unpacked"], folder, ct);
        new LocalFolder(Path.Combine(folder, "unpacked", inside)).Fetch(files, folder, ct);
    }
}
