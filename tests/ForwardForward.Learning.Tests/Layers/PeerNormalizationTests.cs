using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class PeerNormalizationTests
{
    [Fact]
    public void Pulls_every_unit_towards_the_mean_of_the_layer()
    {
        using var peers = new PeerNormalization(new PeerNormalizationSpec { Strength = 0.5, Decay = 0.75 }, 3);
        peers.Update([0, 4, 8], positiveRows: 4);

        Assert.Equal([0.375, 0.625, 0.875], Read(peers.Means)); // 0.75 * 0.5 + 0.25 * {0, 1, 2}
        Assert.Equal([0.125f, 0, -0.125f], peers.Pull.ToArray());
    }

    [Fact]
    public void Strength_0_pulls_nothing_and_still_measures()
    {
        using var peers = new PeerNormalization(new PeerNormalizationSpec { Strength = 0, Decay = 0.75 }, 2);
        peers.Update([0, 4], positiveRows: 4);

        Assert.True(peers.Pull.IsEmpty);
        Assert.Equal([0.375, 0.625], Read(peers.Means));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.03, true)]
    public void Brings_a_dead_unit_back_unless_it_is_off(double strength, bool revived)
    {
        var spec = TinyRun.Spec() with { PeerNormalization = new PeerNormalizationSpec { Strength = strength } };
        using var layer = new FFLayer(LayerOptionsOf.Layer(spec, 0, new LayerShape(8, 0, 4), 20));
        var bias = layer.State.Single(s => s.Name == "bias").Value;
        bias.Row<float>(0)[2] = -100;
        using var x = RandomRows.Make(20, 8, Precision.Fp32);
        layer.Forward(x).Dispose();
        layer.Learn(new RowLayout(10, 10, 0, 0), 1, 1);

        Assert.Equal(revived, Read(bias)[2] > -100);
    }
}
