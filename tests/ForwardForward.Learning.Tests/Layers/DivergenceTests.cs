using System.Globalization;
using System.Runtime.InteropServices;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class DivergenceTests
{
    [Theory]
    [InlineData(1e5, Precision.Fp32)]
    [InlineData(1e5, Precision.Bf16)]
    [InlineData(1e30, Precision.Fp32)]
    public void Is_told_in_one_sentence_before_the_state_is_touched(double learningRate, Precision precision)
    {
        var spec = TinyRun.Spec(precision) with { Optimizer = new OptimizerSpec { LearningRate = learningRate } };
        using var layer = new FFLayer(LayerOptionsOf.Layer(spec, 2, new LayerShape(19, 0, 37), 20));
        using var x = RandomRows.Make(20, 19, precision);
        byte[] before = [];
        var thrown = Assert.Throws<DivergedException>(() =>
        {
            for (var update = 1; update <= 100; update++)
            {
                before = StateHash.OfStage(layer.State);
                layer.Forward(x).Dispose();
                layer.Learn(new RowLayout(10, 10, 0, 0), 1, update);
            }
        });

        Assert.StartsWith("Layer 3 has diverged: its goodness is ", thrown.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            string.Create(CultureInfo.InvariantCulture, $"on negative rows; lower optimizer.learningRate ({learningRate})."),
            thrown.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(before, StateHash.OfStage(layer.State));
    }

    [Fact]
    public void Is_told_when_it_shows_on_positive_rows_alone()
    {
        using var layer = new FFLayer(LayerOptionsOf.Layer(TinyRun.Spec(), 0, new LayerShape(19, 0, 37), 20));
        layer.State.First().Value.RowSpan<float>(0, 37).Fill(1);
        using var x = RandomRows.Make(20, 19, Precision.Fp32);
        MemoryMarshal.Cast<byte, float>(x.Bytes)[..(10 * 19)].Fill(1e38f);
        layer.Forward(x).Dispose();

        Assert.Throws<DivergedException>(() => layer.Learn(new RowLayout(10, 10, 0, 0), 1, 1));
    }
}
