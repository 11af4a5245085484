using ForwardForward.Contracts;
using ForwardForward.Runtime.Connections;
using ForwardForward.Runtime.Connections.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Messaging;
using StackExchange.Redis;

namespace ForwardForward.Client;

/// <summary>A client of a cluster.</summary>
public sealed class ClusterConnection : IAsyncDisposable
{
    public const string DefaultClusterId = "forwardforward";
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(5);
    private readonly IHost _host;

    private ClusterConnection(IHost host, string address) => (_host, Address) = (host, address);

    /// <summary>As a person gave it.</summary>
    public string Address { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <param name="address">HOST:PORT of a gateway or of the cluster's Redis.</param>
    /// <param name="clusterId">Id of the cluster.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <param name="onlyThere">Talk to the gateway at the address and to no other.</param>
    /// <param name="handshake">For a cluster that lets only its members in.</param>
    /// <exception cref="ClusterUnreachableException">No silo of the cluster answers within ten seconds.</exception>
    public static async Task<ClusterConnection> Connect(
        string address,
        string clusterId,
        CancellationToken cancellation,
        bool onlyThere = false,
        Handshake? handshake = null
    )
    {
        var found = await ClusterAddress.Find(address, cancellation, handshake: handshake);
        var gateways = new ClusterGateways(found.Endpoint);
        var host = Build(found, clusterId, gateways, handshake);
        try
        {
            await host.StartAsync(cancellation).WaitAsync(ConnectTimeout, cancellation);
            if (!onlyThere)
            {
                await gateways.Learn(host.Services.GetRequiredService<IGrainFactory>());
            }

            return new ClusterConnection(host, address);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            host.Dispose();
            throw new ClusterUnreachableException(
                found.IsRedis
                    ? $"The Redis at {address} knows no silo of the cluster '{clusterId}' that answers within "
                        + $"{ConnectTimeout.TotalSeconds:0} seconds, expected one that runs; "
                        + "--cluster-id names another cluster."
                    : $"{address} answers, but lets no client into the cluster '{clusterId}' within "
                        + $"{ConnectTimeout.TotalSeconds:0} seconds, expected the gateway of one of its silos; "
                        + "--cluster-id names another cluster, --tls a certificate for it.",
                e
            );
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // nothing is on its way that a cluster which is gone should hold up
            await _host.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException) { }

        _host.Dispose();
    }

    private static IHost Build(ClusterAddress address, string clusterId, ClusterGateways gateways, Handshake? handshake)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = clusterId);
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = Refresh);
            client.UseConnectionRetryFilter((_, stop) => Retry(stop));
            client.Services.AddForwardForwardContracts();
            client.UseConnections(handshake);
            if (address.IsRedis)
            {
                client.UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(address.Text));
            }
            else
            {
                client.Services.AddSingleton<IGatewayListProvider>(gateways);
            }
        });
        return builder.Build();
    }

    private static async Task<bool> Retry(CancellationToken stop)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(300), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
