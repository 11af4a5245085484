using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Tests.Hosting;

public sealed class JoinCheckTests
{
    [Fact]
    public async Task A_silo_of_another_version_is_refused_with_both_versions_in_the_sentence()
    {
        int port = LocalSilo.FreePort(), second = LocalSilo.FreePort();
        using var first = LocalSilo.Build("old", port, port, SiloProfile.Unmeasured with { Version = "0.0.9" });
        await first.StartAsync();

        // Not disposed: Orleans stops only silos that have started, and the directory of one that is disposed without a stop asks who is there on a whole core for ever.
        var joining = LocalSilo.Build("new", second, port, SiloProfile.Unmeasured);

        var refused = await Assert.ThrowsAsync<SiloRefusedException>(() => joining.StartAsync());

        Assert.Equal(
            $"The silo new may not join the cluster 'default' beside old (127.0.0.1:{port}): this is version {SiloProfile.Unmeasured.Version}, but the cluster runs version 0.0.9.",
            refused.Message);
        await first.StopAsync();
    }
}
