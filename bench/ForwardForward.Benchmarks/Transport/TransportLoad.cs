using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Benchmarks.Transport;

/// <summary>What one turn of the transport bench sends: slots of equal size.</summary>
/// <param name="Rows">Of one slot.</param>
/// <param name="Width">Elements of a row.</param>
/// <param name="Slots">How many.</param>
/// <param name="InFlight">Slots that are pushed and not yet acknowledged, at most.</param>
/// <param name="Active">Share of the elements that are not zero, as units that are active.</param>
[GenerateSerializer, Immutable, Alias("ff.transport-load")]
public sealed record TransportLoad(
    [property: Id(0)] int Rows,
    [property: Id(1)] int Width,
    [property: Id(2)] int Slots,
    [property: Id(3)] int InFlight = 1,
    [property: Id(4)] double Active = 1
)
{
    /// <summary>What the published network trains in.</summary>
    public const Precision Precision = Learning.Specs.Precision.Bf16;

    /// <summary>Bytes of one slot's rows.</summary>
    public int SlotBytes => Rows * Width * Precision.ElementBytes();

    /// <summary>Bytes of all rows.</summary>
    public long Bytes => (long)Slots * SlotBytes;
}
