using ForwardForward.Learning.Specs;
using TorchSharp;

namespace ForwardForward.Learning.Tensors;

/// <summary>How a <see cref="Precision"/> is stored.</summary>
internal static class PrecisionElements
{
    public static int ElementBytes(this Precision precision) =>
        precision switch
        {
            Precision.Fp32 => sizeof(float),
            Precision.Bf16 => sizeof(ushort),
            _ => throw new ArgumentOutOfRangeException(
                nameof(precision),
                precision,
                "The precision of a run must be resolved before tensors are made."
            ),
        };

    public static torch.ScalarType ScalarType(this Precision precision) =>
        precision.ElementBytes() == sizeof(float) ? torch.ScalarType.Float32 : torch.ScalarType.BFloat16;
}
