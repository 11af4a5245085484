namespace ForwardForward.Benchmarks.Transport;

/// <summary>What a load of slots took.</summary>
/// <param name="Elapsed">From the first push to the last answer.</param>
/// <param name="SenderProcessor">Processor time of the sender's whole process meanwhile.</param>
/// <param name="ReceiverProcessor">Of the receiver's.</param>
[GenerateSerializer, Immutable, Alias("ff.transport-time")]
public sealed record TransportTime(
    [property: Id(0)] TimeSpan Elapsed,
    [property: Id(1)] TimeSpan SenderProcessor,
    [property: Id(2)] TimeSpan ReceiverProcessor
);
