using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// In what precision the rows of a convolutional network travel: where products are portable in bf16, to which everybody rounds alike,
/// since what a normalization hands on has a sign and no size that is known beforehand.
/// </summary>
internal static class ConvolutionRows
{
    /// <param name="precision">Of the products.</param>
    public static Precision Of(Precision precision) => precision == Precision.Portable ? Precision.Bf16 : precision;
}
