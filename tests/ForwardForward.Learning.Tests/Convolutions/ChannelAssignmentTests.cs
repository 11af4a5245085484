using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Layers;
using static ForwardForward.Learning.Tests.Convolutions.ConvolutionFormulas;
using static ForwardForward.Learning.Tests.Layers.Comparison;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Tests.Convolutions;

public sealed class ChannelAssignmentTests
{
    [Theory]
    [InlineData(ChannelNormalization.Instance, Pooling.None, 10, 0)]
    [InlineData(ChannelNormalization.Batch, Pooling.Average, 7, 0)]
    [InlineData(ChannelNormalization.Layer, Pooling.Maximum, 21, 0.001)]
    public void Channels_that_learn_their_classes_move_as_autograd_makes_it_of_the_formulas(
        string normalization,
        string pool,
        int channels,
        double clip
    )
    {
        var spec = new ConvolutionLayerSpec
        {
            Goodness = ChannelGoodness.Assigned,
            Normalization = normalization,
            Pool = pool,
        };
        var shape = new ConvolutionShape(new PictureShape(6, 6, 2), channels, spec, Classes);
        using var layer = Layer(shape, WithoutMomentum with { Clip = clip });
        using var input = RandomRows.Make(Rows, shape.In.Size, Precision.Fp32);
        using var scope = NewDisposeScope();
        // scores that differ, a temperature that has fallen
        var state = layer.State.Select(one => StateTensor.Of(one.Name, one.Value)).ToList();
        var random = new Random(1);
        float[] scores = [.. Enumerable.Range(0, channels * Classes).Select(_ => random.NextSingle())];
        Set(state, StateTensor.Of("assignment", channels, scores));
        Set(state, StateTensor.Of("assignment.heat", 1, [MathF.Log(0.8f)]));
        Set(state, StateTensor.Of("assignment.epoch", 1, [30]));
        layer.Restore(state);
        var parameters = layer
            .State.Where(tensor => tensor.Name is "weights" or "bias" or "assignment" or "assignment.heat")
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Value.Tensor.to(ScalarType.Float64).requires_grad_());

        var z = Convolved(shape, Pictures(input, shape.In), parameters);
        var activity = pool == Pooling.Maximum ? nn.functional.max_pool2d(nn.functional.relu(z), 2, 2) : nn.functional.relu(z);
        var spoken = (0.94 * activity.mean([2, 3])) + (0.06 * activity.amax([2, 3])) - (0.05 * activity.amin([2, 3]));
        var weights = nn.functional.softmax(parameters["assignment"] / (parameters["assignment.heat"].exp() * Math.Pow(0.995, 30)), 1);
        var goodness = spoken.matmul(weights);
        var target = tensor(Labels.SelectMany(label => Enumerable.Range(0, Classes).Select(k => (k == label ? 0.9 : 0) + 0.025)).ToArray())
            .reshape(Rows, Classes);
        var entropy = -(weights * weights.log()).sum([0]).mean();
        var likelihood = (nn.functional.log_softmax(goodness, 1) * target).sum() - (Rows * 0.01 * entropy);
        likelihood.backward();
        using var made = layer.Forward(input, trainingSlot: 0);
        layer.Learn(new RowLayout(0, 0, Rows, 0), Labels, 1, 1);

        AssertNear(Values(goodness), [.. layer.LastGoodness[..(Rows * Classes)].ToArray().Select(g => (double)g)], 1e-4, "goodness");
        var slopes = parameters.ToDictionary(one => one.Key, one => Values(one.Value.grad!).Select(slope => slope / Rows).ToArray());
        var length = Math.Sqrt(slopes.Values.Sum(values => values.Sum(slope => slope * slope)));
        var share = clip > 0 ? clip / length : 1;
        var after = Read(layer.State);
        Assert.InRange(share, 0, 1);
        Assert.All(slopes, one => AssertNear([.. one.Value.Select(slope => slope * share)], after[$"{one.Key}.average"], 2e-3, one.Key));
    }

    private static void Set(List<StateTensor> state, StateTensor value) => state[state.FindIndex(one => one.Name == value.Name)] = value;
}
