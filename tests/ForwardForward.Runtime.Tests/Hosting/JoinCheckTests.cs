using System.Net;
using System.Net.Sockets;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace ForwardForward.Runtime.Tests.Hosting;

public sealed class JoinCheckTests
{
    [Fact]
    public async Task A_silo_of_another_version_is_refused_with_both_versions_in_the_sentence()
    {
        int port = FreePort(), second = FreePort();
        using var first = Silo("old", port, port, SiloProfile.Unmeasured with { Version = "0.0.9" });
        await first.StartAsync();
        using var joining = Silo("new", second, port, SiloProfile.Unmeasured);

        var refused = await Assert.ThrowsAsync<SiloRefusedException>(() => joining.StartAsync());

        Assert.Equal(
            $"The silo new may not join the cluster 'default' beside old (127.0.0.1:{port}): this is version {SiloProfile.Unmeasured.Version}, but the cluster runs version 0.0.9.",
            refused.Message);
        await first.StopAsync();
    }

    private static IHost Silo(string name, int port, int primary, SiloProfile profile)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(port, gatewayPort: 0, new IPEndPoint(IPAddress.Loopback, primary))
            .Configure<SiloOptions>(options => options.SiloName = name)
            .UseNoStorage()
            .AddForwardForward("unused", _ => "unused", profile));
        return builder.Build();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
