namespace ForwardForward.Benchmarks.Transport;

/// <summary>How far a process's memory rose above where it was before, at its highest.</summary>
/// <param name="RowBytes">Rows of activity that were alive; exact.</param>
/// <param name="ProcessBytes">Resident memory of the whole process, as seen whenever a slot came or went.</param>
[GenerateSerializer, Immutable, Alias("ff.transport-memory")]
public sealed record TransportMemory([property: Id(0)] long RowBytes, [property: Id(1)] long ProcessBytes);

/// <summary>What a fast sender and a slow receiver held.</summary>
/// <param name="Refused">Slots that crossed the wire and found no room.</param>
[GenerateSerializer, Immutable, Alias("ff.transport-backlog")]
public sealed record TransportBacklog(
    [property: Id(0)] TransportMemory Sender,
    [property: Id(1)] TransportMemory Receiver,
    [property: Id(2)] int Refused
);

/// <summary>What a slow receiver held.</summary>
[GenerateSerializer, Immutable, Alias("ff.transport-drained")]
public sealed record TransportDrained([property: Id(0)] TransportMemory Memory, [property: Id(1)] int Refused);
