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
    /// <exception cref="ClusterUnreachableException">No silo of the cluster lets the client in (<see cref="EntryPatience"/>).</exception>
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
        var patience = new EntryPatience(TimeProvider.System);
        var host = Build(found, clusterId, gateways, handshake, patience);
        try
        {
            await host.StartAsync(cancellation).WaitAsync(EntryPatience.WhenSilent, cancellation);
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
                        ? $"The Redis at {address} knows no silo of the cluster '{clusterId}' that lets a client in"
                            + $"{Within(patience)}, expected one that runs; --cluster-id names another cluster."
                    : patience.IsRefused
                        ? $"{address} answers, but lets no client into the cluster '{clusterId}'{Within(patience)}, expected "
                            + "the gateway of one of its silos; --cluster-id names another cluster, --tls a certificate for it."
                    : $"{address} takes connections, but let no client into the cluster '{clusterId}'{Within(patience)}, expected the "
                        + "gateway of a silo that is not held, on a machine that is not too busy.",
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

    private static IHost Build(
        ClusterAddress address,
        string clusterId,
        ClusterGateways gateways,
        Handshake? handshake,
        EntryPatience patience
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = clusterId);
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = Refresh);
            client.UseConnectionRetryFilter((failure, stop) => Retry(failure, patience, stop));
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

    private static string Within(EntryPatience patience) =>
        $" within {(patience.IsRefused ? EntryPatience.WhenRefused : EntryPatience.WhenSilent).TotalSeconds:0} seconds";

    private static async Task<bool> Retry(Exception failure, EntryPatience patience, CancellationToken stop)
    {
        if (!patience.Endures(failure))
        {
            return false;
        }

        await Task.Delay(TimeSpan.FromMilliseconds(300), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
