using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Tests.Hosting;

public sealed class JoinCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_cluster_of_a_version_that_has_none_beside_it_refuses_a_later_one_with_both_versions_in_the_sentence()
    {
        int port = LocalSilo.FreePort(),
            second = LocalSilo.FreePort();
        using var first = LocalSilo.Build("old", port, port, SiloProfile.Unmeasured with { Version = "0.0.9", Contract = 0 });
        await first.StartAsync();

        // Not disposed: Orleans stops only silos that have started, and the directory of one that is disposed without a stop asks who is
        // there on a whole core for ever.
        var joining = LocalSilo.Build("new", second, port, SiloProfile.Unmeasured);

        var refused = await Assert.ThrowsAsync<SiloRefusedException>(() => joining.StartAsync());

        Assert.Equal(
            $"The silo new may not join the cluster 'default' beside old (127.0.0.1:{port}): this is version "
                + $"{SiloProfile.Unmeasured.Version}, but the cluster runs version 0.0.9, which takes no silo of another version beside "
                + "it: expected that cluster to be stopped first.",
            refused.Message
        );
        await first.StopAsync();
    }

    [Fact]
    public async Task A_silo_whose_shared_folder_is_another_is_refused()
    {
        var refused = Assert.IsType<string>(await Join(Shared("one"), Shared("two")));

        Assert.StartsWith("The silo second may not join the cluster 'default' beside first (127.0.0.1:", refused, StringComparison.Ordinal);
        Assert.Contains($"): its checkpoint folder {_folder["two"]} is said to be shared", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_of_one_folder_join_each_other_by_whatever_path_and_after_it_was_emptied()
    {
        Directory.CreateSymbolicLink(_folder["link"], Directory.CreateDirectory(_folder["one"]).FullName);

        Assert.Null(await Join(Shared("one"), Shared("link"), () => Directory.Delete(_folder["one/.silos"], recursive: true)));

        Assert.Empty(Directory.GetFiles(_folder["one/.silos"])); // who has left leaves nothing
    }

    private CheckpointPlace Shared(string folder) => CheckpointPlace.Of(_folder[folder], isShared: true, "silo");

    /// <returns>Why the second silo is refused; null where it joins.</returns>
    private static async Task<string?> Join(CheckpointPlace first, CheckpointPlace second, Action? between = null)
    {
        int port = LocalSilo.FreePort(),
            other = LocalSilo.FreePort();
        using var there = LocalSilo.Build("first", port, port, SiloProfile.Unmeasured with { Checkpoints = first });
        await there.StartAsync();
        between?.Invoke();
        // not disposed where it is refused, as above
        var joining = LocalSilo.Build("second", other, port, SiloProfile.Unmeasured with { Checkpoints = second });
        try
        {
            await joining.StartAsync();
            await joining.StopAsync();
            joining.Dispose();
            return null;
        }
        catch (SiloRefusedException e)
        {
            return e.Message;
        }
        finally
        {
            await there.StopAsync();
        }
    }
}
