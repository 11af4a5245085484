using ForwardForward.Cluster.Tests.Deploy;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A disk in memory that is broken while it is in use; mounting takes root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private static readonly byte[] Page = new byte[4096];
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, "filler");

    /// <param name="folder">Where it appears.</param>
    /// <param name="kibibytes">Its size.</param>
    public static async Task<SmallDisk> At(string folder, int kibibytes)
    {
        Directory.CreateDirectory(folder);
        (await Mount("-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", folder)).Succeeded();
        return new SmallDisk(folder);
    }

    public static bool CanBeMade()
    {
        var folder = Directory.CreateTempSubdirectory("ff-disk-").FullName;
        var made = Mount("-t", "tmpfs", "tmpfs", folder).GetAwaiter().GetResult().ExitCode == 0;
        if (made)
        {
            Command.Run("umount", folder).GetAwaiter().GetResult().Succeeded();
        }

        Directory.Delete(folder);
        return made;
    }

    /// <summary>Takes all room that is left.</summary>
    public void Fill()
    {
        try
        {
            using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
            {
                filler.Write(Page);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void Empty() => File.Delete(Filler);

    /// <summary>Waits until no file is just being written, which no file must be.</summary>
    public Task MakeReadOnly() => Remount("ro");

    public Task MakeWritable() => Remount("rw");

    public async ValueTask DisposeAsync() => (await Command.Run("umount", "--lazy", _folder)).Succeeded();

    private Task Remount(string how) =>
        Event.Of($"the disk is {how}", async () => (await Mount("-o", $"remount,{how}", _folder)).ExitCode == 0, Timeout);

    private static Task<Command> Mount(params string[] arguments) => Command.Run("mount", arguments);
}
