using System.Globalization;
using ForwardForward.Learning.Backpropagation;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>What one part of a run takes.</summary>
/// <param name="Name">For a person.</param>
public sealed record PartMemory(string Name, long Bytes);

/// <summary>Memory that the parts of a run take, as far as its spec and its data tell. An upper estimate of what is held at once: a step's own buffers are in it, the program is not.</summary>
public static class RunMemory
{
    private const int Fp32 = sizeof(float), InFlight = 8; // slots that wait at a layer

    /// <param name="images">For training and for testing together.</param>
    /// <param name="pixels">Width of the pictures.</param>
    /// <returns>The layers from the bottom up, the readout, the images.</returns>
    public static IReadOnlyList<PartMemory> Of(ExperimentSpec spec, SlotPlan plan, long images, int pixels, int classes) =>
    [
        .. spec.Backpropagation.IsOn
            ? [new PartMemory("the network", OfNetwork(spec, plan, pixels, classes))]
            : LayerPart.All(spec).Select(part => new PartMemory($"layer {part.Name}", OfLayer(spec, LayerShape.Of(spec, part, pixels, classes), plan))),
        new PartMemory("the readout", OfReadout(spec, classes, plan)),
        new PartMemory("the images", images * (pixels + 1)),
    ];

    /// <summary>Refuses parts that do not fit together where they are to be.</summary>
    /// <param name="place">For a person.</param>
    /// <param name="room">Bytes that are there.</param>
    /// <exception cref="InvalidInputException">They do not; the sentence has the numbers.</exception>
    public static void Require(IReadOnlyList<PartMemory> parts, string place, long room)
    {
        var needed = parts.Sum(part => part.Bytes);
        var largest = parts.MaxBy(part => part.Bytes)!;
        if (needed > room)
        {
            throw new InvalidInputException($"The run needs {Gigabytes(needed)} of memory on {place}, {largest.Name} alone {Gigabytes(largest.Bytes)}, and there are {Gigabytes(room)}: expected narrower layers, smaller batches or more machines.");
        }
    }

    // Weights, gradients, moments and a snapshot; what a row leaves behind in every layer, before and after, and its gradient.
    private static long OfNetwork(ExperimentSpec spec, SlotPlan plan, int pixels, int classes)
    {
        var layers = NetworkShape.Of(spec, pixels, classes);
        var moments = spec.Optimizer.Kind == OptimizerKind.Adam ? 2 : 1;
        var points = layers.Sum(layer => (long)layer.Units * Math.Max(1, layer.Side * layer.Side)) + pixels;
        return (layers.Sum(layer => layer.Weights) * Fp32 * ((2 * (1 + moments)) + 1)) + (points * plan.MaxRows * Fp32 * 4);
    }

    private static long OfLayer(ExperimentSpec spec, LayerShape layer, SlotPlan plan)
    {
        long inputs = layer.Inputs, units = layer.Units, element = ElementBytes(spec);
        var held = spec.TopDown.IsOn ? spec.TopDown.Interleaved * plan.MaxRows * units * (Fp32 + element) : 0;
        var state = units * inputs * Fp32 * (spec.Optimizer.Kind == OptimizerKind.Adam ? 3 : 2);
        var snapshot = spec.Checkpoint.EverySlots > 0 ? state : 0;
        var rounded = spec.Precision == Precision.Fp32 ? 0 : units * inputs * sizeof(ushort);
        return state + snapshot + rounded + held + (plan.MaxRows * (inputs + (InFlight * (inputs + units))) * element);
    }

    private static long OfReadout(ExperimentSpec spec, int classes, SlotPlan plan)
    {
        if (spec.Backpropagation.IsOn)
        {
            return 0;
        }

        var features = Feature.Of(spec).Sum(feature => (long)feature.Units);
        return features * Fp32 * (plan.MaxRows + (classes * (spec.Checkpoint.EverySlots > 0 ? 4 : 2)));
    }

    // Before it is resolved it may be the larger one.
    private static int ElementBytes(ExperimentSpec spec) => spec.Precision == Precision.Bf16 ? sizeof(ushort) : Fp32;

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.000} GB");
}
