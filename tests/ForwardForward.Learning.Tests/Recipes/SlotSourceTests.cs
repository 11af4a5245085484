using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Recipes;

public sealed class SlotSourceTests
{
    private const int Batch = 10, Classes = 4, Pixels = 64;

    private static readonly float[] Probabilities = [.. Enumerable.Range(0, Batch).SelectMany(_ => new[] { 0.1f, 0.2f, 0.3f, 0.4f })];

    [Theory]
    [InlineData(Precision.Fp32, 1e-5)]
    [InlineData(Precision.Bf16, 4e-3)]
    public void Every_row_has_mean_square_1(Precision precision, double within)
    {
        foreach (var slot in All(TinyRun.Spec(precision) with { Epochs = 1 }).Where(s => s.Kind != SlotKind.End))
        {
            Assert.All(Rows(slot), row => Assert.Equal(1, row.Average(v => v * v), within));
        }
    }

    [Theory]
    [InlineData(NegativesKind.Hard)]
    [InlineData(NegativesKind.Random)]
    public void A_positive_row_shows_its_class_and_its_negative_row_another(NegativesKind kind)
    {
        var trueClasses = new Dictionary<long, byte[]>();
        foreach (var slot in All(Spec(kind)).Where(s => s.Kind == SlotKind.Train))
        {
            if (slot.Layout.Neutral > 0)
            {
                trueClasses[trueClasses.Count] = slot.Labels;
            }

            for (var i = 0; i < slot.Layout.Positive; i++)
            {
                var expected = trueClasses[slot.Update - 1][i];
                Assert.Equal(expected, ShownLabel(Rows(slot)[i]));
                Assert.NotEqual(expected, ShownLabel(Rows(slot)[slot.Layout.Positive + i]));
            }
        }
    }

    [Fact]
    public void A_neutral_row_shows_every_label_alike()
    {
        foreach (var slot in All(Spec(NegativesKind.Hard)).Where(s => s.Layout.Neutral > 0))
        {
            var neutral = Rows(slot).Skip(slot.Layout.FirstNeutral).Take(slot.Layout.Neutral);
            Assert.All(neutral, row => Assert.All(row[..Classes], v => Assert.True(v > 0 && v == row[0])));
        }
    }

    [Fact]
    public void The_three_groups_of_a_batch_show_the_same_images()
    {
        var neutral = new List<double[][]>();
        foreach (var slot in All(Spec(NegativesKind.Hard)).Where(s => s.Kind == SlotKind.Train))
        {
            if (slot.Layout.Neutral > 0)
            {
                neutral.Add([.. Rows(slot).Skip(slot.Layout.FirstNeutral)]);
            }

            for (var i = 0; i < slot.Layout.Learned; i++)
            {
                var expected = neutral[(int)slot.Update - 1][i % Batch];
                Assert.Equal(Image(expected), Image(Rows(slot)[i]), (a, b) => Math.Abs(a - b) < 1e-5);
            }
        }
    }

    [Fact]
    public void An_epoch_shows_every_image_once_and_the_next_in_another_order()
    {
        var neutral = All(Spec(NegativesKind.Random)).Where(s => s.Kind == SlotKind.Train)
            .Select(s => (s.Epoch, Images: Rows(s).Skip(s.Layout.FirstNeutral).Select(TrainIndex).ToList())).ToList();
        var epochs = neutral.GroupBy(s => s.Epoch, s => s.Images).Select(e => e.SelectMany(images => images).ToList()).ToList();

        Assert.Equal(2, epochs.Count);
        Assert.All(epochs, epoch => Assert.Equal(Enumerable.Range(0, 200), epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(Enumerable.Range(0, 200), epochs[0]);
    }

    [Fact]
    public void The_goodness_test_shows_every_test_image_with_every_label_in_turn()
    {
        var images = new List<byte>();
        foreach (var slot in All(Spec(NegativesKind.Hard)).Where(s => s.Layout.Candidates > 0 && s.Epoch == 1))
        {
            images.AddRange(slot.Labels);
            Assert.Equal(slot.Labels.Length * Classes, slot.Layout.Candidates);
            Assert.Equal(Enumerable.Range(0, slot.Layout.Candidates).Select(r => r % Classes), Rows(slot).Select(ShownLabel));
        }

        Assert.Equal(TinyRun.Data.Test.Labels, images);
    }

    [Fact]
    public void The_fast_test_carries_the_true_classes_of_its_neutral_rows()
    {
        var labels = All(Spec(NegativesKind.Hard)).Where(s => s.Kind == SlotKind.Evaluate && s.Layout.Neutral > 0 && s.Epoch == 0).SelectMany(s => s.Labels);
        Assert.Equal(TinyRun.Data.Test.Labels, labels);
    }

    [Fact]
    public void A_slot_can_be_made_when_the_probabilities_of_its_batch_have_come_back()
    {
        var source = new SlotSource(Spec(NegativesKind.Hard), TinyRun.Data);
        Assert.All([0L, 1, 2], index => Assert.True(source.CanMake(index)));
        Assert.False(source.CanMake(3)); // learns from batch 0

        source.Offer(0, Probabilities);
        Assert.True(source.CanMake(3));
        Assert.False(source.CanMake(4));
    }

    [Fact]
    public void A_slot_without_its_probabilities_is_refused_rather_than_made_with_other_negatives()
    {
        var source = new SlotSource(Spec(NegativesKind.Hard), TinyRun.Data);
        Assert.Throws<InvalidOperationException>(() => source.Make(3));

        source.Offer(0, Probabilities);
        source.Make(3).Rows!.Dispose();
        Assert.Throws<InvalidOperationException>(() => source.Make(3)); // used up
    }

    [Fact]
    public void Random_negatives_wait_for_nothing()
    {
        var source = new SlotSource(Spec(NegativesKind.Random), TinyRun.Data);
        Assert.All(Enumerable.Range(0, (int)source.Plan.SlotCount), index => Assert.True(source.CanMake(index)));
    }

    [Fact]
    public void Hard_negatives_follow_the_probabilities_that_came_back()
    {
        var source = new SlotSource(Spec(NegativesKind.Hard), TinyRun.Data);
        source.Offer(0, [.. Enumerable.Range(0, Batch).SelectMany(i => Enumerable.Range(0, Classes).Select(c => c == (i % Classes) ? 1f : 0))]);
        var labels = source.Make(0).Labels;
        var learned = source.Make(3);
        for (var i = 0; i < Batch; i++)
        {
            var certain = i % Classes;
            Assert.True(certain == labels[i] || ShownLabel(Rows(learned)[Batch + i]) == certain);
        }
    }

    [Fact]
    public void The_same_seed_makes_the_same_rows_and_another_seed_others()
    {
        var spec = Spec(NegativesKind.Hard);
        byte[] first = Bytes(spec), again = Bytes(spec), other = Bytes(spec with { Seed = 2 });

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    private static ExperimentSpec Spec(NegativesKind kind) => TinyRun.Spec() with
    {
        Epochs = 2,
        Negatives = new NegativesSpec { Kind = kind, Lag = 3 },
    };

    /// <summary>All slots of a run whose readout always answers the same.</summary>
    private static List<Slot> All(ExperimentSpec spec)
    {
        var source = new SlotSource(spec, TinyRun.Data);
        var slots = new List<Slot>();
        for (long index = 0; index < source.Plan.SlotCount; index++)
        {
            Assert.True(source.CanMake(index));
            slots.Add(source.Make(index));
            if (source.Plan[index].NeutralBatch is >= 0 and var batch)
            {
                source.Offer(batch, Probabilities);
            }
        }

        return slots;
    }

    private static byte[] Bytes(ExperimentSpec spec) => [.. All(spec).SelectMany(s => s.Rows is { } rows ? rows.Bytes.ToArray() : [])];

    private static double[][] Rows(Slot slot) => [.. Read(slot.Rows!).Chunk(Pixels)];

    /// <summary>The one label pixel that is not dark.</summary>
    private static int ShownLabel(double[] row) => Assert.Single(Enumerable.Range(0, Classes), c => row[c] != 0);

    /// <summary>The pixels behind the label, whatever the label did to the scale of the row.</summary>
    private static IEnumerable<double> Image(double[] row) => row[Classes..].Select(v => v / row[Classes..].Max());

    private static int TrainIndex(double[] row)
    {
        var image = Image(row).ToArray();
        return Enumerable.Range(0, TinyRun.Data.Train.Count).Single(i =>
        {
            var pixels = TinyRun.Data.Train.Pixels.AsSpan((i * Pixels) + Classes, Pixels - Classes).ToArray();
            return pixels.Zip(image).All(pair => Math.Abs((pair.First / (double)pixels.Max()) - pair.Second) < 1e-5);
        });
    }
}
