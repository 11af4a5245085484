using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Convolutions;
using ForwardForward.Learning.Tests.Layers;
using TorchSharp;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Devices;

/// <summary>
/// A convolutional layer whose tensors live on a device computes and learns what one on the CPU does. Where there is no GPU, libtorch's CPU
/// stands for the device.
/// </summary>
public sealed class DeviceConvolutionLayerTests
{
    private const int Rows = 6;
    private const int Classes = 4;
    private static readonly byte[] Labels = [0, 1, 2, 3, 1, 0];

    private static torch.Device Device => torch.cuda.is_available() ? new torch.Device(DeviceType.CUDA, 0) : torch.CPU;

    public static TheoryData<string> Kinds => [.. TinyConvolutions.ByName.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Computes_and_learns_what_a_layer_on_the_cpu_does(string kind)
    {
        var spec = TinyConvolutions.ByName[kind];
        foreach (var shape in ConvolutionShape.All(spec, 64, Classes))
        {
            var options = new ConvolutionOptions
            {
                Index = 1,
                Shape = shape,
                MaxRows = Rows + 1,
                BatchSize = Rows,
                UpdatesPerEpoch = 2,
                Optimizer = spec.Optimizer with { Kind = OptimizerKind.AveragedGradient, LearningRate = 0.05 },
                Dropout = spec.Regularization.Dropout,
                Contrast = spec.Goodness.Contrast > 0 ? new ContrastTemperature(spec.Goodness, 2, 3) : null,
            };
            using ConvolutionLayer expected = new(options);
            using DeviceConvolutionLayer actual = new(Device, options);
            Draw(expected, actual);
            for (var update = 1; update <= 4; update++)
            {
                using var input = RandomRows.Make(Rows, shape.RowIn, Precision.Fp32, key: update);
                using Activations above = expected.Forward(input, update),
                    made = actual.Forward(input, update);
                AssertNear(Read(above), Read(made), 1e-3, $"{kind}: what is sent");
                AssertNear(Goodness(expected), Goodness(actual), 1e-3, $"{kind}: goodness");
                Assert.Equal(Learn(expected, update).Loss, Learn(actual, update).Loss, 1e-3);
            }

            using var test = RandomRows.Make(Rows + 1, shape.RowIn, Precision.Fp32, key: 9);
            using (
                Activations above = expected.Forward(test),
                    made = actual.Forward(test)
            )
            {
                AssertNear(Read(above), Read(made), 1e-3, $"{kind}: a test");
            }

            Assert.Equal(expected.State.Select(tensor => tensor.Name), actual.State.Select(tensor => tensor.Name));
            var state = Read(actual.State);
            Assert.All(Read(expected.State), one => AssertNear(one.Value, state[one.Key], 2e-3, $"{kind}: {one.Key}"));
        }
    }

    [Fact]
    public void Goes_on_from_the_state_of_a_layer_on_the_cpu()
    {
        var options = new ConvolutionOptions
        {
            Index = 0,
            Shape = new ConvolutionShape(new PictureShape(6, 6, 2), 8, TinyConvolutions.Competing, Classes),
            MaxRows = Rows,
            BatchSize = Rows,
        };
        using ConvolutionLayer layer = new(options);
        using DeviceConvolutionLayer device = new(Device, options);
        using var input = RandomRows.Make(Rows, options.Shape.RowIn, Precision.Fp32);
        layer.Forward(input, 0).Dispose();
        Learn(layer, 1);

        device.Restore([.. layer.State.Select(tensor => StateTensor.Of(tensor.Name, tensor.Value))]);

        using Activations expected = layer.Forward(input),
            made = device.Forward(input);
        AssertNear(Read(expected), Read(made), 1e-4, "what is sent");
        Assert.Throws<InvalidOperationException>(() => Learn(device, 2));
    }

    // As they start, channels speak for all classes alike, and the kernels have no gradient but what is rounded.
    private static void Draw(ConvolutionLayer expected, DeviceConvolutionLayer actual)
    {
        var state = expected.State.Select(tensor => StateTensor.Of(tensor.Name, tensor.Value)).ToList();
        var random = new Random(1);
        if (state.FindIndex(tensor => tensor.Name == ChannelAssignment.Scores) is >= 0 and var at)
        {
            float[] scores = [.. Enumerable.Range(0, state[at].Rows * Classes).Select(_ => 20 * random.NextSingle())];
            state[at] = StateTensor.Of(ChannelAssignment.Scores, state[at].Rows, scores);
        }

        expected.Restore(state);
        actual.Restore(state);
    }

    private static LayerStep Learn(ILayer layer, int update) => layer.Learn(new RowLayout(0, 0, Rows, 0), Labels, 1, update);

    private static double[] Goodness(ILayer layer) => [.. layer.LastGoodness[..(Rows * Classes)].ToArray().Select(one => (double)one)];
}
