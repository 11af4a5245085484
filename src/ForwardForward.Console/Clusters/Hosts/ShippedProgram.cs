using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ForwardForward.Learning;
using ForwardForward.Learning.Native;

namespace ForwardForward.Console.Clusters.Hosts;

/// <summary>
/// Files of this machine as they go to hosts: packed once, under a name that says what is in them, so that a host that has them needs them
/// no more.
/// </summary>
/// <param name="Name">Of its folder on a host.</param>
/// <param name="Bytes">Unpacked.</param>
internal sealed record ShippedProgram(string Name, long Bytes)
{
    private const int HashLength = 16;
    private static readonly string[] Runtimes = ["linux-x64", "linux", "unix", "any"];
    private IReadOnlyList<(string Path, string Name)> Files { get; init; } = [];
    private string Folder { get; init; } = "";

    private readonly Lock _lock = new();
    private Task<string>? _packed;

    private string Kind => Name.Split('-')[0];

    private string Pack => Path.Combine(Folder, $"{Name}.tar.gz");

    /// <summary>The program that this is, with what it needs on Linux and x64.</summary>
    /// <param name="cache">Folder for packs.</param>
    public static ShippedProgram Own(string cache)
    {
        var root = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var files = FilesOf(root).Where(file => !IsForeign(file.Name)).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var each = new byte[files.Count][];
        Parallel.For(0, files.Count, index => each[index] = HashOf(files[index].Path));
        for (var index = 0; index < files.Count; index++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{files[index].Name}\n"));
            hash.AppendData(each[index]);
        }

        var name = $"ff-{Convert.ToHexStringLower(hash.GetHashAndReset())[..HashLength]}";
        return new ShippedProgram(name, files.Sum(file => new FileInfo(file.Path).Length)) { Files = files, Folder = cache };
    }

    /// <summary>The .NET runtime that this process runs on; null where it is none that several programs share.</summary>
    /// <inheritdoc cref="Own"/>
    public static ShippedProgram? Runtime(string cache)
    {
        var core = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var version = Path.GetFileName(core);
        var root = Path.GetFullPath(Path.Combine(core, "..", "..", ".."));
        string[] parts =
        [
            Path.Combine("host", "fxr", version),
            Path.Combine("shared", "Microsoft.NETCore.App", version),
            Path.Combine("shared", "Microsoft.AspNetCore.App", version),
        ];
        if (!File.Exists(Path.Combine(root, "dotnet")) || !parts.All(part => Directory.Exists(Path.Combine(root, part))))
        {
            return null;
        }

        List<(string Path, string Name)> files =
        [
            (Path.Combine(root, "dotnet"), "dotnet"),
            .. parts.SelectMany(part => FilesOf(Path.Combine(root, part)).Select(file => (file.Path, Path.Combine(part, file.Name)))),
        ];
        return new ShippedProgram($"dotnet-{version}", files.Sum(file => new FileInfo(file.Path).Length)) { Files = files, Folder = cache };
    }

    /// <summary>Puts it on a host, as a whole or not at all, and takes away others of its kind that nothing there runs.</summary>
    /// <param name="home">Folder for everything of ours there.</param>
    public async Task Send(ClusterHost host, string home, CancellationToken cancellation)
    {
        var place = Ssh.Word($"{home}/programs/{Name}");
        await using var pack = File.OpenRead(await Packed());
        await Ssh.Send(
            host,
            $"set -e; new={place}.new.$$; trap \"rm -rf $new\" EXIT; mkdir -p $new; tar -xzf - -C $new; touch $new/whole; "
                + $"rm -rf {place}; mv $new {place}; "
                + $"for old in {Ssh.Word($"{home}/programs/{Kind}")}-*; do [ \"$old\" = {place} ] || "
                + "grep -qs \"$old/\" /proc/[0-9]*/cmdline || rm -rf \"$old\"; done",
            pack,
            cancellation
        );
    }

    // Once for all hosts, which ask at the same time.
    private Task<string> Packed()
    {
        lock (_lock)
        {
            return _packed ??= Task.Run(MakePack);
        }
    }

    private string MakePack()
    {
        if (File.Exists(Pack))
        {
            return Pack;
        }

        Directory.CreateDirectory(Folder);
        foreach (var older in Directory.EnumerateFiles(Folder, $"{Kind}-*"))
        {
            File.Delete(older);
        }

        var whole = $"{Pack}.{Environment.ProcessId}";
        try
        {
            using (var file = File.Create(whole))
            using (var zip = new GZipStream(file, CompressionLevel.Fastest))
            using (var tar = new TarWriter(zip))
            {
                foreach (var (path, name) in Files)
                {
                    tar.WriteEntry(path, name);
                }
            }

            File.Move(whole, Pack, overwrite: true);
            return Pack;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"The program cannot be packed for the hosts in {Folder} ({e.Message.TrimEnd('.')}).", e);
        }
        finally
        {
            File.Delete(whole);
        }
    }

    private static IEnumerable<(string Path, string Name)> FilesOf(string root) =>
        Directory
            .EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(path => (path, Path.GetRelativePath(root, path)))
            .OrderBy(file => file.Item2, StringComparer.Ordinal);

    // What a host has no use for, and what a machine makes for itself once the program runs.
    private static bool IsForeign(string name) =>
        name.EndsWith(".pdb", StringComparison.Ordinal)
        || name.StartsWith(LibTorch.KeptFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        || name.Split(Path.DirectorySeparatorChar) is ["runtimes", var runtime, ..] && !Runtimes.Contains(runtime);

    private static byte[] HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return SHA256.HashData(file);
    }
}
