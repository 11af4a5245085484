using System.Net;
using System.Net.Sockets;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace ForwardForward.Runtime.Tests.Hosting;

/// <summary>A silo of this process that tells of itself what a test wants.</summary>
internal static class LocalSilo
{
    /// <param name="primary">Port of the first one.</param>
    public static IHost Build(string name, int port, int primary, SiloProfile profile, string folder = "unused", int slotsPerSecond = 0)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo =>
            silo.UseLocalhostClustering(port, gatewayPort: 0, new IPEndPoint(IPAddress.Loopback, primary))
                .Configure<SiloOptions>(options => options.SiloName = name)
                .UseNoStorage()
                .AddForwardForward(folder, _ => folder, profile, slotsPerSecond: slotsPerSecond)
        );
        return builder.Build();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
