using System.Runtime.InteropServices;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.Messages;

/// <summary>What a shard or replica of a layer tells the others in the middle of a slot.</summary>
/// <param name="Number">Of the exchange, from the generation's first on: a slot may have several.</param>
/// <param name="Rows">The values, in rows that are no wider than a message may have; the last row may have some that mean nothing.</param>
internal readonly record struct PartialSums(long Number, Activations Rows)
{
    private const int MaxWidth = 1 << 16; // a gradient is longer than a slot's row may be wide

    /// <param name="values">Copied.</param>
    public static PartialSums Copy(long number, ReadOnlySpan<float> values)
    {
        var rows = Activations.Rent((values.Length + MaxWidth - 1) / MaxWidth, Math.Min(values.Length, MaxWidth), Precision.Fp32);
        MemoryMarshal.AsBytes(values).CopyTo(rows.Bytes);
        return new PartialSums(number, rows);
    }

    /// <summary>As the other shard takes them from its inbox.</summary>
    public static PartialSums From(Slot envelope) => new(envelope.Index, envelope.Rows!);

    /// <summary>As they travel.</summary>
    public Slot ToEnvelope() =>
        new()
        {
            Index = Number,
            Kind = SlotKind.Train,
            Epoch = 0,
            Rows = Rows,
        };

    /// <summary>A copy of the values; the rows' memory is given back.</summary>
    public float[] Take(int count)
    {
        using var rows = Rows;
        return MemoryMarshal.Cast<byte, float>(rows.Bytes)[..count].ToArray();
    }
}
