using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Tensors;
using TorchSharp;

namespace ForwardForward.Learning.Backpropagation;

/// <summary>What a network that learns by backpropagation makes of a picture.</summary>
internal interface INetwork
{
    /// <summary>Class scores of rows, N x C.</summary>
    /// <param name="x">Pictures, N x pixels.</param>
    /// <param name="layers">Weights and biases, from the bottom up; gradients are taken by them.</param>
    /// <param name="dropout">Leaves units out of an activity, N x units; the second argument counts from 0.</param>
    torch.Tensor Logits(torch.Tensor x, IReadOnlyList<NetworkWeights> layers, Func<torch.Tensor, int, torch.Tensor> dropout);
}

/// <summary>Parameters of one layer, fp32.</summary>
internal sealed class NetworkWeights : IDisposable
{
    /// <summary>Normal weights with variance 2 / inputs (He et al. 2015), a stream for every unit; biases 0.</summary>
    public NetworkWeights(int seed, int index, NetworkLayer shape)
    {
        (Shape, Weights, Bias) = (
            shape,
            new Matrix(shape.Units, shape.Inputs, torch.ScalarType.Float32),
            new Matrix(1, shape.Units, torch.ScalarType.Float32)
        );
        var scale = Math.Sqrt(2.0 / shape.Inputs);
        for (var unit = 0; unit < shape.Units; unit++)
        {
            var random = new KeyedRandom(seed, RandomPurpose.Weights, index, unit);
            foreach (ref var weight in Weights.Row<float>(unit))
            {
                weight = (float)(random.NextNormal() * scale);
            }
        }
    }

    public NetworkLayer Shape { get; }

    public Matrix Weights { get; }

    public Matrix Bias { get; }

    public torch.Tensor Dense(torch.Tensor x) => torch.addmm(Bias.Tensor, x, Weights.Tensor.t(), 1, 1);

    public void Dispose()
    {
        Weights.Dispose();
        Bias.Dispose();
    }
}
