using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Convolutions;

/// <summary>The convolution of a precision.</summary>
internal static class Convolution
{
    /// <param name="weights">U x K; its owner changes it.</param>
    /// <param name="pictures">Most of them at a time.</param>
    /// <param name="learned">Pictures of a batch that is learned from.</param>
    /// <param name="precision">Fp32 or portable.</param>
    /// <param name="carrier">Floats that hold the integers of portable precision.</param>
    /// <exception cref="InvalidInputException">The shape is too large for portable precision.</exception>
    public static IConvolution Of(
        ConvolutionShape shape,
        Matrix weights,
        int pictures,
        int learned,
        Precision precision,
        Precision carrier
    ) =>
        (precision, carrier) switch
        {
            (Precision.Fp32, _) => new UnfoldedConvolution(shape, weights, pictures, learned),
            (_, Precision.Fp32) => new IntegerConvolution<float, Fp32Element, Fp32AsBf16Element>(
                shape,
                weights,
                pictures,
                learned,
                Precision.Fp32.ScalarType()
            ),
            _ => new IntegerConvolution<ushort, Bf16Element, Bf16Element>(shape, weights, pictures, learned, Precision.Bf16.ScalarType()),
        };
}
