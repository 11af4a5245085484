using System.Runtime.InteropServices;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Runtime.Layers;

/// <summary>The ways between the stages that have one layer together: each sends its sums to all others, and takes theirs. Both number them from the generation's first slot on.</summary>
/// <param name="sums">What the others sent: a lane each, in their order.</param>
internal sealed class ShardLinks(StageContext context, Shard shard, Inbox sums) : IShardExchange
{
    private readonly float[][] _parts = new float[shard.Count][];
    private readonly Link[] _others = [.. Others(shard).Select(other => context.LinkToLayer(
        Shard.Stages(context.Assignment.Spec, shard.Layer)[other], Lanes(context.Assignment.Spec, shard.Layer) + (shard.Number < other ? shard.Number : shard.Number - 1)))];
    private long _next;

    /// <summary>What comes from below has a lane for every part of the layer there.</summary>
    public static int Lanes(ExperimentSpec spec, int layer) => layer == 0 ? 1 : Shard.Stages(spec, layer - 1).Count;

    public void Sum(Span<float> values)
    {
        _parts[shard.Number] = values.ToArray();
        var number = _next++;
        foreach (var other in _others)
        {
            other.Send(Message(number, values), context.Stopping);
        }

        foreach (var (other, slot) in Others(shard).Zip(sums.Take()))
        {
            using var rows = slot.Rows!;
            _parts[other] = MemoryMarshal.Cast<byte, float>(rows.Bytes).ToArray();
        }

        Shard.Sum(_parts, values);
    }

    private static IEnumerable<int> Others(Shard shard) => Enumerable.Range(0, shard.Count).Where(other => other != shard.Number);

    private static Slot Message(long number, Span<float> values)
    {
        var rows = Activations.Rent(1, values.Length, Precision.Fp32);
        MemoryMarshal.AsBytes(values).CopyTo(rows.Bytes);
        return new Slot { Index = number, Kind = SlotKind.Train, Epoch = 0, Rows = rows };
    }
}
