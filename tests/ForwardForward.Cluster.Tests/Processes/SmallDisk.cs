using ForwardForward.Cluster.Tests.Deploy;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A disk in memory whose size and rights change while it is in use; mounting takes root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

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

    /// <summary>Changes it while it is in use; waits until no file is just being written, which it must not.</summary>
    /// <param name="options">As mount takes them: <c>ro</c>, <c>rw</c>, <c>size=64k</c>.</param>
    public Task Change(string options) => Event.Of($"the disk is {options}", async () => (await Mount("-o", $"remount,{options}", _folder)).ExitCode == 0, Longest);

    public async ValueTask DisposeAsync() => (await Command.Run("umount", "--lazy", _folder)).Succeeded();

    private static Task<Command> Mount(params string[] arguments) => Command.Run("mount", arguments);
}
