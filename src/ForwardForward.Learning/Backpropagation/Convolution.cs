using static TorchSharp.torch;

namespace ForwardForward.Learning.Backpropagation;

/// <summary>
/// Convolution with padding to the same size, as a product over unfolded columns. libtorch's own is silently wrong in some shapes on some
/// processors: on AMD's Zen 5 the gradient of a small input was left as the memory was, zero one time and no number the next, so that not
/// even a trial of it at the start can be trusted.
/// </summary>
internal static class Convolution
{
    /// <param name="x">Rows x channels x side x side.</param>
    /// <param name="kernels">Units x channels x kernel x kernel, the kernel's side odd.</param>
    /// <param name="bias">Of each unit.</param>
    /// <returns>Rows x units x side x side.</returns>
    public static Tensor Of(Tensor x, Tensor kernels, Tensor bias)
    {
        var (rows, side, units, kernel) = (x.shape[0], x.shape[2], kernels.shape[0], kernels.shape[2]);
        // rows x (channels kernel kernel) x (side side)
        var columns = nn.functional.unfold(x, (kernel, kernel), padding: (kernel / 2, kernel / 2));
        return (kernels.reshape(units, -1).matmul(columns) + bias.reshape(1, units, 1)).reshape(rows, units, side, side);
    }
}
