using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Membership;

/// <summary>
/// Notices at once that a silo's process is gone. Where a connection ends and the port refuses another one, nobody is there: that is proof,
/// and the silo is declared dead. Silence is no proof, and stays with Orleans' probes, which take some seconds.
/// </summary>
internal sealed partial class DeathWatch(IServiceProvider services, ILogger<DeathWatch> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int BeforeAnybodyJoins = ServiceLifecycleStage.ApplicationServices - 1;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private readonly ILogger _logger = logger;
    private readonly ConcurrentDictionary<SiloAddress, Task> _examinations = [];

    // late: the connections that tell of losses are part of what it is made of
    private IClusterMembershipService Membership => services.GetRequiredService<IClusterMembershipService>();

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(DeathWatch), BeforeAnybodyJoins, _ => BuryTheDead());

    /// <summary>A connection to a silo has ended, or could not be made.</summary>
    public void Lost(EndPoint? endpoint)
    {
        foreach (var silo in Active().Where(silo => silo.Endpoint.Equals(endpoint)))
        {
            _ = Examine(silo);
        }
    }

    // A cluster that was killed left silos behind that only its membership still knows.
    private Task BuryTheDead() => Task.WhenAll(Active().Select(Examine));

    private IEnumerable<SiloAddress> Active()
    {
        var self = services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        return Membership
            .CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(self))
            .Select(member => member.SiloAddress);
    }

    private Task Examine(SiloAddress silo) =>
        _examinations.GetOrAdd(
            silo,
            _ =>
                Task.Run(async () =>
                {
                    try
                    {
                        if (await Refuses(silo.Endpoint) && await RefusesAgain(silo.Endpoint) && await Membership.TryKill(silo))
                        {
                            LogGone(NameOf(silo), silo.Endpoint);
                        }
                    }
                    catch (Exception e)
                    {
                        LogUndeclared(NameOf(silo), silo.Endpoint, e.Message);
                    }
                    finally
                    {
                        _examinations.TryRemove(silo, out var _);
                    }
                })
        );

    private static async Task<bool> RefusesAgain(IPEndPoint endpoint)
    {
        await Task.Delay(Between);
        return await Refuses(endpoint);
    }

    private static async Task<bool> Refuses(IPEndPoint endpoint)
    {
        using var patience = new CancellationTokenSource(ConnectTimeout);
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, patience.Token);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private string NameOf(SiloAddress silo) => Membership.CurrentSnapshot.Members.GetValueOrDefault(silo)?.Name ?? "that was";

    [LoggerMessage(
        EventId = 32,
        Level = LogLevel.Warning,
        Message = "The silo {Lost} ({Endpoint}) is gone: nobody listens there any more, and it is declared dead"
    )]
    private partial void LogGone(string lost, IPEndPoint endpoint);

    [LoggerMessage(
        EventId = 33,
        Level = LogLevel.Warning,
        Message = "The silo {Lost} ({Endpoint}) is gone, but cannot be declared dead: {Reason}"
    )]
    private partial void LogUndeclared(string lost, IPEndPoint endpoint, string reason);
}
