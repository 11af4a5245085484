using System.Net;
using Orleans.Messaging;

namespace ForwardForward.Client;

/// <summary>
/// The gateways of a cluster: first the one that was named, then all that it knows, so that a client outlives the silo it came in by.
/// </summary>
internal sealed class ClusterGateways(IPEndPoint named) : IGatewayListProvider
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);
    private readonly Uri _named = GatewayUri(named);
    private IList<Uri> _gateways = [GatewayUri(named)];

    public TimeSpan MaxStaleness => TimeSpan.FromSeconds(5);

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public Task<IList<Uri>> GetGateways() => Task.FromResult(_gateways);

    /// <summary>Asks the cluster for its gateways; one whose Redis does not answer does not know them, and the named one must do.</summary>
    public async Task Learn(IGrainFactory grains)
    {
        var asked = grains.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: true);
        await ((Task)asked).WaitAsync(AnswerTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!asked.IsCompletedSuccessfully)
        {
            return;
        }

        var silos = await asked;
        var others = silos
            .Where(silo => silo.ProxyPort > 0)
            .Select(silo => GatewayUri(new IPEndPoint(silo.SiloAddress.Endpoint.Address, silo.ProxyPort)));
        _gateways = [.. others.Append(_named).Distinct()];
    }

    private static Uri GatewayUri(IPEndPoint endpoint) => SiloAddress.New(endpoint, 0).ToGatewayUri();
}
