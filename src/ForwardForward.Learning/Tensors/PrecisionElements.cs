using ForwardForward.Learning.Specs;
using TorchSharp;

namespace ForwardForward.Learning.Tensors;

/// <summary>How a <see cref="Precision"/> is stored and multiplied.</summary>
internal static class PrecisionElements
{
    /// <summary>Of one element of a row.</summary>
    public static int ElementBytes(this Precision precision) =>
        precision switch
        {
            Precision.Fp32 => sizeof(float),
            Precision.Bf16 => sizeof(ushort),
            Precision.Portable => sizeof(byte),
            _ => throw new ArgumentOutOfRangeException(
                nameof(precision),
                precision,
                "The precision of a run must be resolved before tensors are made."
            ),
        };

    /// <summary>Of the operands of products.</summary>
    public static torch.ScalarType ScalarType(this Precision precision) =>
        precision.Multiplied() == Precision.Fp32 ? torch.ScalarType.Float32 : torch.ScalarType.BFloat16;

    /// <summary>
    /// Which floats hold the operands: of portable products whichever are the faster here, since they are integers in both.
    /// </summary>
    public static Precision Multiplied(this Precision precision) =>
        precision switch
        {
            Precision.Portable => IntegerProducts.Carrier,
            Precision.Fp32 or Precision.Bf16 => precision,
            _ => throw new ArgumentOutOfRangeException(
                nameof(precision),
                precision,
                "The precision of a run must be resolved before tensors are made."
            ),
        };
}
