using ForwardForward.Client;
using ForwardForward.Learning;
using Orleans.Runtime.Placement;

namespace ForwardForward.Benchmarks.Transport;

/// <summary>One size with one number of slots in flight; every rate is the best of its turns.</summary>
/// <param name="Bytes">Of a slot's rows.</param>
/// <param name="InFlight">Slots pushed and not yet acknowledged.</param>
/// <param name="Active">Share of the rows' elements that are not zero; zeros do not travel.</param>
/// <param name="GigabytesPerSecond">Of rows, 1e9 bytes each.</param>
/// <param name="RawSocketGigabytesPerSecond">
/// The same bytes in the same pieces over a bare TCP connection between the same processes.
/// </param>
/// <param name="Share">Rate of the grains over that of the socket.</param>
/// <param name="MicrosecondsPerCall">From a push to its answer, on average.</param>
/// <param name="SenderMicroseconds">Processor time of the sender's process for one slot, on average over all turns.</param>
/// <param name="ReceiverMicroseconds">Of the receiver's.</param>
public sealed record TransportRow(
    int Bytes,
    int InFlight,
    double Active,
    double GigabytesPerSecond,
    double RawSocketGigabytesPerSecond,
    double Share,
    double MicrosecondsPerCall,
    double SenderMicroseconds,
    double ReceiverMicroseconds
);

/// <summary>
/// Slots from one silo to another through the real codec and acknowledged calls, and the same bytes through a bare socket, in turns.
/// </summary>
/// <param name="active">Share of the units that are active.</param>
/// <param name="turns">Of each; the best counts.</param>
/// <param name="turnBytes">Bytes of one turn.</param>
/// <param name="report">Hears what is being done.</param>
public sealed class TransportBenchmark(ClusterConnection cluster, double active, int turns, long turnBytes, Action<string> report)
    : IAsyncDisposable
{
    private const int Width = 2000; // units of the published network's layers
    private const double Giga = 1e9;
    private static readonly TimeSpan SlowPace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);
    private static readonly int[] RowCounts = [100, 300, 1200];
    private static readonly int[] InFlight = [1, 8]; // 0.4, 1.2 and 4.8 MB; 300 rows are what the preset supervised sends
    private readonly string _key = $"bench-{Guid.NewGuid():N}";
    private ITransportSender? _opened;

    private ITransportSender Sender => _opened ?? throw new InvalidOperationException("The benchmark was run before it was opened.");

    /// <summary>Puts both ends on the first two silos.</summary>
    /// <returns>The two, as HOST:PORT.</returns>
    /// <exception cref="InvalidInputException">There is only one, or they lack what measures.</exception>
    public async Task<(string From, string To)> Open()
    {
        var silos = (await cluster.Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Keys.Order().ToList();
        if (silos.Count < 2)
        {
            throw new InvalidInputException($"The cluster at {cluster.Address} has one silo, expected two to measure between.");
        }

        var sender = Found();
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silos[0]);
        await sender.Open(silos[1]);
        _opened = sender;
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        return (silos[0].Endpoint.ToString(), silos[1].Endpoint.ToString());
    }

    public async Task<IReadOnlyList<TransportRow>> Run(CancellationToken cancellation)
    {
        var rows = new List<TransportRow>();
        foreach (var count in RowCounts)
        {
            foreach (var inFlight in InFlight)
            {
                rows.Add(await Best(new TransportLoad(count, Width, 0, inFlight, active), cancellation));
            }
        }

        return rows;
    }

    /// <summary>What both ends hold when slots of 1.2 MB come faster than they are taken.</summary>
    public Task<TransportBacklog> Overload(int slots, CancellationToken cancellation)
    {
        report($"{slots} slots to a receiver that takes one every {SlowPace.TotalMilliseconds} ms");
        return Sender.Overload(OverloadOf(slots), SlowPace).WaitAsync(cancellation);
    }

    public static TransportLoad OverloadOf(int slots) => new(RowCounts[1], Width, slots);

    // Best effort: idle grains go by themselves too, and a silo that hangs must not hold up the verb.
    public async ValueTask DisposeAsync()
    {
        var closed = _opened?.Close() ?? Task.CompletedTask;
        await closed.WaitAsync(CloseTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // A client takes the cluster's word for what grains there are.
    private ITransportSender Found()
    {
        try
        {
            return cluster.Grains.GetGrain<ITransportSender>(_key);
        }
        catch (ArgumentException e)
        {
            throw new InvalidInputException(
                $"The silos of the cluster at {cluster.Address} have nothing to measure with, "
                    + $"expected silos that {BenchmarkSilo.Program} runs.",
                e
            );
        }
    }

    private async Task<TransportRow> Best(TransportLoad size, CancellationToken cancellation)
    {
        var load = size with { Slots = (int)Math.Max(2 * size.InFlight, turnBytes / size.SlotBytes) };
        report($"{load.SlotBytes / 1e6:0.0} MB, {load.InFlight} in flight");
        await Sender.PushSlots(load).WaitAsync(cancellation); // to warm up
        var (pushed, sent) = (new List<TransportTime>(), new List<TimeSpan>());
        for (var turn = 0; turn < turns; turn++)
        {
            pushed.Add(await Sender.PushSlots(load).WaitAsync(cancellation));
            sent.Add(await Sender.SendBytes(load).WaitAsync(cancellation));
        }

        var (grains, socket) = (pushed.Min(time => time.Elapsed), sent.Min());
        return new TransportRow(
            load.SlotBytes,
            load.InFlight,
            load.Active,
            Rate(load, grains),
            Rate(load, socket),
            socket / grains,
            grains.TotalMicroseconds * load.InFlight / load.Slots,
            pushed.Average(time => time.SenderProcessor.TotalMicroseconds) / load.Slots,
            pushed.Average(time => time.ReceiverProcessor.TotalMicroseconds) / load.Slots
        );
    }

    private static double Rate(TransportLoad load, TimeSpan elapsed) => load.Bytes / Giga / elapsed.TotalSeconds;
}
