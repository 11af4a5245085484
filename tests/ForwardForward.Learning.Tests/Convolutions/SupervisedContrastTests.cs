using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tests.Layers;
using static ForwardForward.Learning.Tests.Convolutions.ConvolutionFormulas;
using static ForwardForward.Learning.Tests.Layers.Comparison;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Tests.Convolutions;

public sealed class SupervisedContrastTests
{
    public static TheoryData<string, ConvolutionLayerSpec, int[], int, double> Contrasts =>
        new()
        {
            { "squares that share points", TinyConvolutions.Hiding, new[] { 7, 5, 2 }, 12, 0 },
            { "means of means", TinyConvolutions.Hiding with { Pool = Pooling.Average }, new[] { 6, 9, 2 }, 12, 0 },
            { "the largest of squares", TinyConvolutions.Hiding with { Pool = Pooling.Maximum, Bias = true }, new[] { 8, 8, 1 }, 108, 0 },
            { "instance", TinyConvolutions.Hiding with { Normalization = ChannelNormalization.Instance }, new[] { 6, 6, 2 }, 12, 0 },
            {
                "layer and squares",
                new() { Normalization = ChannelNormalization.Layer, Pool = Pooling.Average },
                new[] { 6, 6, 2 },
                12,
                0
            },
            { "one square", TinyConvolutions.Hiding, new[] { 3, 3, 2 }, 404, 0 },
            { "clipped", TinyConvolutions.Hiding with { Bias = true }, new[] { 6, 6, 2 }, 12, 0.01 },
        };

    [Theory]
    [MemberData(nameof(Contrasts))]
    public void Contrast_moves_a_layer_as_autograd_makes_it_of_the_formulas(
        string name,
        ConvolutionLayerSpec spec,
        int[] picture,
        int channels,
        double clip
    )
    {
        const double Temperature = 0.3;
        var shape = new ConvolutionShape(new PictureShape(picture[0], picture[1], picture[2]), channels, spec, Classes);
        var contrast = new GoodnessSpec
        {
            Contrast = 0.7,
            ContrastFeatures = 5,
            ContrastFirstTemperature = Temperature,
        };
        using var layer = Layer(
            shape,
            WithoutMomentum with
            {
                Clip = clip,
            },
            contrast: new ContrastTemperature(contrast, Updates: 1, Epochs: 10)
        );
        using var input = RandomRows.Make(Rows, shape.In.Size, Precision.Fp32);
        using var scope = NewDisposeScope();
        var parameters = layer
            .State.Where(tensor => tensor.Name is "weights" or "bias" or "contrast")
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Value.Tensor.to(ScalarType.Float64).requires_grad_());

        var pictures = tensor(Read(input)).reshape(Rows, shape.In.Height, shape.In.Width, shape.In.Channels);
        var (goodness, handedOn) = Formulas(shape, pictures, parameters);
        var labels = tensor(Labels.Select(label => (long)label).ToArray());
        var likelihood =
            nn.functional.log_softmax(goodness, 1).gather(1, labels.unsqueeze(1)).sum()
            - (contrast.Contrast * Contrast(handedOn, parameters["contrast"], labels, Temperature));
        likelihood.backward();
        using var made = layer.Forward(input, trainingSlot: 0);
        layer.Learn(new RowLayout(0, 0, Rows, 0), Labels, 1, 1);

        var slopes = parameters.ToDictionary(one => one.Key, one => Values(one.Value.grad!).Select(slope => slope / Rows).ToArray());
        var length = Math.Sqrt(slopes.Values.Sum(values => values.Sum(slope => slope * slope)));
        var share = clip > 0 ? clip / length : 1;
        var state = Read(layer.State);
        Assert.InRange(share, 0, 1);
        Assert.All(
            slopes,
            one => AssertNear([.. one.Value.Select(slope => slope * share)], state[$"{one.Key}.average"], 1e-3, $"{name}: {one.Key}")
        );
    }

    [Fact]
    public void The_temperature_falls_in_a_line_and_then_in_half_a_wave()
    {
        var falls = new ContrastTemperature(
            new GoodnessSpec
            {
                ContrastFirstTemperature = 0.8,
                ContrastTemperature = 0.2,
                ContrastLastTemperature = 0.1,
                ContrastFallShare = 0.5,
            },
            Updates: 10,
            Epochs: 8
        );

        Assert.Equal(
            [0.8, 0.8, 0.65, 0.5, 0.2, 0.15],
            new long[] { 1, 10, 11, 21, 41, 61 }.Select(update => Math.Round(falls.At(update), 9))
        );
    }
}
