using static TorchSharp.torch;

namespace ForwardForward.Learning.Backpropagation;

/// <summary>Dense layers of rectified linear units that see pixels in no particular order (Hinton 2022, section 3.1).</summary>
internal sealed class Perceptron : INetwork
{
    public Tensor Logits(Tensor x, IReadOnlyList<NetworkWeights> layers, Func<Tensor, int, Tensor> dropout)
    {
        for (var i = 0; i < layers.Count - 1; i++)
        {
            x = dropout(nn.functional.relu(layers[i].Dense(x)), i);
        }

        return layers[^1].Dense(x);
    }
}
