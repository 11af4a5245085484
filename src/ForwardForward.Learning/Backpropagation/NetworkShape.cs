using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Backpropagation;

/// <summary>Weights of one layer of a network that learns by backpropagation.</summary>
/// <param name="Units">Rows of its weights; for a convolution its channels.</param>
/// <param name="Inputs">Columns of its weights.</param>
/// <param name="Side">Points a side at which a convolution is taken; 0 for a dense layer.</param>
internal readonly record struct NetworkLayer(int Units, int Inputs, int Side)
{
    public long Weights => (long)Units * Inputs;

    /// <summary>Of one row on its way up.</summary>
    public double Multiplications => Weights * Math.Max(1.0, (double)Side * Side);
}

/// <summary>The layers of a network that learns by backpropagation, from the bottom up.</summary>
internal static class NetworkShape
{
    /// <summary>Width and height of a convolution.</summary>
    public const int Kernel = 5;

    /// <exception cref="InvalidInputException">The network cannot be made for pictures of this size.</exception>
    public static IReadOnlyList<NetworkLayer> Of(ExperimentSpec spec, int pixels, int classes) =>
        spec.Backpropagation.Network == NetworkKind.Convolutional
            ? Convolutional(spec, pixels, classes)
            : Perceptron([pixels, .. spec.Layers, classes]);

    private static List<NetworkLayer> Perceptron(int[] widths) =>
        [.. widths.Skip(1).Select((units, i) => new NetworkLayer(units, widths[i], 0))];

    private static List<NetworkLayer> Convolutional(ExperimentSpec spec, int pixels, int classes)
    {
        int side = (int)Math.Sqrt(pixels),
            halvings = spec.Layers.Count - 1,
            channels = 1;
        if (side * side != pixels || side >> halvings == 0)
        {
            throw new InvalidInputException(
                $"layers: a convolutional network of {halvings} convolutions halves square pictures as often, and these have "
                    + $"{pixels} pixels; expected square pictures of at least {1 << halvings} pixels a side."
            );
        }

        var layers = new List<NetworkLayer>();
        foreach (var units in spec.Layers.SkipLast(1))
        {
            layers.Add(new NetworkLayer(units, channels * Kernel * Kernel, side));
            (channels, side) = (units, side / 2);
        }

        return [.. layers, .. Perceptron([channels * side * side, spec.Layers[^1], classes])];
    }
}
