using System.Net;
using ForwardForward.Contracts.Access;
using ForwardForward.Contracts.Slots;
using Orleans.Concurrency;

namespace ForwardForward.Benchmarks.Transport;

/// <summary>
/// The near end of a measured way between two silos; key: the bench. It lives on the silo that the first call's placement hint names, its
/// receiver has the same key.
/// </summary>
[Alias("ff.transport-sender"), AllowRole(ClusterRole.Operator)]
public interface ITransportSender : IGrainWithStringKey
{
    /// <summary>Makes the far end.</summary>
    /// <param name="receiver">Where it is to live.</param>
    Task Open(SiloAddress receiver);

    /// <summary>Pushes slots as stages do, each acknowledged.</summary>
    [ResponseTimeout("00:10:00")]
    Task<TransportTime> PushSlots(TransportLoad load);

    /// <summary>Sends as many bytes over a bare TCP connection between the same two processes, in pieces of the slot's size.</summary>
    /// <returns>Time from the first piece to the receiver's word that it has them all.</returns>
    [ResponseTimeout("00:10:00")]
    Task<TimeSpan> SendBytes(TransportLoad load);

    /// <summary>Pushes slots through the pipeline's link, as fast as it takes them, to an inbox whose worker is slow.</summary>
    /// <param name="pace">Time between two slots that the worker takes.</param>
    [ResponseTimeout("00:10:00")]
    Task<TransportBacklog> Overload(TransportLoad load, TimeSpan pace);

    /// <summary>Frees both ends.</summary>
    Task Close();
}

/// <summary>
/// The far end; key: the bench. A slot that is pushed to it goes back to the pool at once, unless <see cref="TakeSlowly"/> was called.
/// </summary>
[Alias("ff.transport-receiver")]
internal interface ITransportReceiver : ISlotReceiver
{
    Task Open();

    /// <summary>Processor time that the process has had so far.</summary>
    Task<TimeSpan> Processor();

    /// <summary>Opens a port for one connection that brings so many bytes.</summary>
    Task<IPEndPoint> Listen(long bytes, int pieceBytes);

    /// <summary>Puts an inbox and a slow worker behind the pushes, up to and with the slot of kind End.</summary>
    Task TakeSlowly(TimeSpan pace);

    /// <summary>Answers when the slow worker has had the last slot.</summary>
    [AlwaysInterleave, ResponseTimeout("00:10:00")]
    Task<TransportDrained> Drained();

    Task Close();
}
