using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>In what precision a run's rows travel from stage to stage.</summary>
internal static class RowPrecision
{
    public static Precision Of(ExperimentSpec spec) => spec.Convolutions.Count > 0 ? ConvolutionRows.Of(spec.Precision) : spec.Precision;
}
