using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Convolutions;

/// <summary>Where a trained layer sees each class.</summary>
public sealed class GoodnessMapsTests
{
    [Theory]
    [MemberData(nameof(TinyConvolutions.Kinds), MemberType = typeof(TinyConvolutions))]
    public void The_mean_of_a_map_is_the_goodness_of_its_class_in_every_layer(string kind)
    {
        var spec = TinyConvolutions.ByName[kind] with { Epochs = 1 };
        using var trainer = new SequentialTrainer(spec, TinyRun.Data, WorkerPool.One);
        IReadOnlyList<IReadOnlyList<StateTensor>>? state = null;
        trainer.SlotDone += slot => state = trainer.Plan.IsLastTraining(slot) ? trainer.SnapshotAfter(slot) : state;
        trainer.Run();
        using var network = new TrainedNetwork(spec, state!);
        var maps = new List<GoodnessMaps>();

        network.Look(TinyRun.Data.Test, 3, layer => maps.Add(((ConvolutionLayer)layer).Maps(0)));

        Assert.Equal(spec.Layers.Count, maps.Count);
        Assert.All(
            maps.Zip(spec.Layers),
            pair =>
            {
                var (seen, channels) = pair;
                var assigned = spec.Convolutions[0].Goodness == ChannelGoodness.Assigned;
                Assert.Equal((4, 4, assigned ? 0 : channels / 4), (seen.Maps.Count, seen.Goodness.Count, seen.ChannelsOfClass));
                Assert.All(seen.Maps, map => Assert.Equal(seen.Points.Size, map.Length));
                Assert.All(seen.Maps.Zip(seen.Goodness), one => Assert.Equal(one.Second, one.First.Average(), 1e-4f));
                Assert.True(seen.Goodness.Distinct().Count() > 1);
                Assert.True(seen.Maps.SelectMany(map => map).Distinct().Count() > 8);
            }
        );
    }
}
