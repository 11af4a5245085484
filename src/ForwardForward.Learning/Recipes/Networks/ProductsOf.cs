using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes.Networks;

/// <summary>The matrix products that a spec asks for, and in which precision.</summary>
internal static class ProductsOf
{
    /// <param name="pixels">Width of the pictures.</param>
    public static StepProducts Step(ExperimentSpec spec, int pixels) => Recipe.Of(spec).Network.Products(pixels);

    /// <summary>Of dense layers.</summary>
    /// <inheritdoc cref="Step"/>
    public static StepProducts Dense(ExperimentSpec spec, int pixels) =>
        new([.. spec.Layers.Select((units, i) => (LayerShapes.Of(spec, i, pixels, 0).Inputs, units))], spec.BatchSize, spec.Precision);

    /// <summary>Decides what <see cref="Precision.Auto"/> means on this machine.</summary>
    /// <inheritdoc cref="Step"/>
    public static Precision Resolve(ExperimentSpec spec, int pixels) =>
        spec.Precision switch
        {
            not Precision.Auto => spec.Precision,
            _ when Recipe.Of(spec).Network.IsAlwaysFp32 => Precision.Fp32,
            _ => MatrixRate.Faster(Step(spec, pixels)),
        };
}
