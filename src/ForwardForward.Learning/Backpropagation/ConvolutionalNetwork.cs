using static TorchSharp.torch;

namespace ForwardForward.Learning.Backpropagation;

/// <summary>
/// A few convolutional layers and a dense one (Hinton 2022, section 3.1): convolutions with padding, rectified, of which the largest of
/// every 2 x 2 points is kept. Units are left out of the dense layer and of what it sees.
/// </summary>
internal sealed class ConvolutionalNetwork : INetwork
{
    public Tensor Logits(Tensor x, IReadOnlyList<NetworkWeights> layers, Func<Tensor, int, Tensor> dropout)
    {
        foreach (var (layer, i) in layers.SkipLast(2).Select((layer, i) => (layer, i)))
        {
            var channels = i == 0 ? 1 : layers[i - 1].Shape.Units;
            var kernels = layer.Weights.Tensor.reshape(layer.Shape.Units, channels, NetworkShape.Kernel, NetworkShape.Kernel);
            x = x.reshape(x.shape[0], channels, layer.Shape.Side, layer.Shape.Side);
            x = nn.functional.max_pool2d(nn.functional.relu(Convolution.Of(x, kernels, layer.Bias.Tensor.reshape(-1))), 2, 2);
        }

        x = dropout(x.reshape(x.shape[0], -1), 0);
        x = dropout(nn.functional.relu(layers[^2].Dense(x)), 1);
        return layers[^1].Dense(x);
    }
}
