using System.Runtime.InteropServices;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.Messages;

/// <summary>What the readout tells the source of a batch, which draws the batch's wrong labels from it.</summary>
/// <param name="Batch">Number of the batch, so that the source's inbox sees no gaps.</param>
/// <param name="Epoch">Of the slot that the batch came up with.</param>
/// <param name="Rows">A row of classes for each image.</param>
internal readonly record struct ClassProbabilities(long Batch, int Epoch, Activations Rows)
{
    /// <param name="values">Image by image; copied.</param>
    public static ClassProbabilities Copy(long batch, int epoch, ReadOnlySpan<float> values, int classes)
    {
        var rows = Activations.Rent(values.Length / classes, classes, Precision.Fp32);
        MemoryMarshal.AsBytes(values).CopyTo(rows.Bytes);
        return new ClassProbabilities(batch, epoch, rows);
    }

    /// <summary>As the source takes them from its inbox.</summary>
    public static ClassProbabilities From(Slot envelope) => new(envelope.Index, envelope.Epoch, envelope.Rows!);

    /// <summary>As they travel.</summary>
    public Slot ToEnvelope() =>
        new()
        {
            Index = Batch,
            Kind = SlotKind.Train,
            Epoch = Epoch,
            Rows = Rows,
        };

    /// <summary>A copy of the values, image by image; the rows' memory is given back.</summary>
    public float[] Take()
    {
        using var rows = Rows;
        return MemoryMarshal.Cast<byte, float>(rows.Bytes).ToArray();
    }
}
