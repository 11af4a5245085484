using ForwardForward.Learning.Backpropagation;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Tests.Backpropagation;

public sealed class ConvolutionTests
{
    [Theory]
    [InlineData(2, 2, 3, 4)]
    [InlineData(3, 1, 2, 5)]
    [InlineData(2, 20, 5, 4)]
    public void Each_value_is_the_sum_of_its_neighbourhood_with_the_kernel(int rows, int channels, int units, int side)
    {
        const int Kernel = 5;
        using var scope = TorchSharp.torch.NewDisposeScope();
        var (x, kernels, bias) = (Numbers(rows, channels, side, side), Numbers(units, channels, Kernel, Kernel), Numbers(units));

        var y = Convolution.Of(x, kernels, bias);

        var expected = new List<float>();
        for (var (row, unit) = (0, 0); row < rows; (row, unit) = unit + 1 < units ? (row, unit + 1) : (row + 1, 0))
        {
            for (var point = 0; point < side * side; point++)
            {
                expected.Add(bias[unit].item<float>() + Sum(x[row], kernels[unit], point / side, point % side));
            }
        }

        Assert.Equal(expected, y.reshape(-1).data<float>().ToArray());
    }

    private static float Sum(Tensor image, Tensor kernel, int row, int column)
    {
        var (channels, side, reach) = ((int)image.shape[0], (int)image.shape[1], (int)kernel.shape[1] / 2);
        var (pixels, weights) = (image.reshape(-1).data<float>().ToArray(), kernel.reshape(-1).data<float>().ToArray());
        var sum = 0f;
        for (var i = 0; i < weights.Length; i++)
        {
            var (channel, y, x) = (i / 25, row + (i % 25 / 5) - reach, column + (i % 5) - reach);
            sum += y >= 0 && y < side && x >= 0 && x < side ? weights[i] * pixels[(channel * side * side) + (y * side) + x] : 0;
        }

        Assert.Equal(channels * 25, weights.Length);
        return sum;
    }

    private static Tensor Numbers(params long[] shape) =>
        ((arange(shape.Aggregate(1L, (all, one) => all * one)) * 31).remainder(7) - 3).reshape(shape).to(ScalarType.Float32);
}
