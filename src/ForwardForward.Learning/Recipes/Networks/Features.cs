using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes.Networks;

/// <summary>What the readout of a network of layers sees.</summary>
internal static class Features
{
    /// <summary>Units of every layer that the readout looks at, from the bottom up.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="stages">Of its layers.</param>
    /// <exception cref="InvalidInputException">A layer has no such place.</exception>
    public static IReadOnlyList<ReadoutInput> Of(ExperimentSpec spec, StageTopology stages) =>
        [.. stages.Featured.Select(layer => Of(spec, layer))];

    /// <exception cref="InvalidInputException">The network has nothing of what the readout is to classify by.</exception>
    public static void Check(ExperimentSpec spec, INetworkKind network)
    {
        if (spec.Readout.Input == ReadoutInputs.Goodness && network is not ConvolutionNetwork)
        {
            throw new InvalidInputException(
                "readout.input: only convolutional layers have a goodness of every class; expected activity or auto."
            );
        }

        if (spec.Readout.Input == ReadoutInputs.Activity && network.LearnsAsWhole)
        {
            throw new InvalidInputException("readout.input: what learns by backpropagation has its own probabilities; expected auto.");
        }
    }

    private static ReadoutInput Of(ExperimentSpec spec, int layer)
    {
        if (spec.Readout.Place == 0)
        {
            return new ReadoutInput(layer, 0, spec.Layers[layer]);
        }

        var (rows, columns) = spec.Local.IsOn ? spec.Local.Places(layer) : (1, 1);
        var units = spec.Layers[layer] / (rows * columns);
        return spec.Readout.Place <= rows * columns
            ? new ReadoutInput(layer, (spec.Readout.Place - 1) * units, units)
            : throw new InvalidInputException($"readout.place: layer {layer + 1} has {rows * columns} places; expected at most as many.");
    }
}
