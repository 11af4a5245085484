using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Recipes;

public sealed class SlotSourceTests
{
    private const int Batch = 10;
    private const int Classes = 4;
    private const int Pixels = 64;

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
    public void A_positive_row_shows_its_class_and_its_negative_row_another(string kind)
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
    public void Hybrid_negatives_have_every_pixel_of_one_of_two_images_and_are_neither()
    {
        var slots = All(Spec(NegativesKind.Hybrid)).Where(s => s.Kind == SlotKind.Train).ToList();
        var images = Enumerable
            .Range(0, TinyRun.Data.Train.Count)
            .Select(i => TinyRun.Data.Train.Pixels[(i * Pixels)..((i + 1) * Pixels)].Select(p => p / 255.0).ToArray())
            .ToList();

        Assert.All(
            slots,
            slot =>
            {
                Assert.Equal(
                    (Batch, Batch, 0, Batch),
                    (slot.Layout.Positive, slot.Layout.Negative, slot.Layout.Neutral, slot.Labels.Length)
                );
                Assert.Equal((0, Batch), slot.Read);
            }
        );
        foreach (var row in Rows(slots[0]).Skip(Batch))
        {
            var brightest = Array.IndexOf(row, row.Max());
            var scaled = row.Select(v => v / row[brightest]).ToArray();
            bool Fits(double[] image, double value, int pixel, double scale) => Math.Abs((image[pixel] / scale) - value) < 1e-4;
            var pair = (
                from a in images
                from b in images
                from scale in new[] { a[brightest], b[brightest] }
                where
                    !ReferenceEquals(a, b)
                    && Enumerable.Range(0, Pixels).All(p => Fits(a, scaled[p], p, scale) || Fits(b, scaled[p], p, scale))
                select (a, b, scale)
            ).FirstOrDefault();
            Assert.NotNull(pair.a);
        }
    }

    [Fact]
    public void A_run_without_labels_is_tested_by_its_readout_alone_and_shows_the_images_as_they_are()
    {
        var tests = All(Spec(NegativesKind.Hybrid)).Where(s => s.Kind == SlotKind.Evaluate).ToList();

        Assert.All(tests, test => Assert.Equal((0, test.Labels.Length), (test.Layout.Candidates, test.Layout.Neutral)));
        Assert.Equal(Enumerable.Range(0, 2).SelectMany(_ => TinyRun.Data.Test.Labels), tests.SelectMany(test => test.Labels));
        var first = TinyRun.Data.Test.Pixels[..Pixels].Select(p => (double)p).ToArray();
        Assert.Equal(
            first.Select(p => p / first.Max()),
            Rows(tests[0])[0].Select(v => v / Rows(tests[0])[0].Max()),
            (a, b) => Math.Abs(a - b) < 1e-5
        );
    }

    [Fact]
    public void A_shift_moves_the_whole_image_by_at_most_so_many_pixels_and_each_epoch_by_others()
    {
        var spec = Spec(NegativesKind.Random) with { Augmentation = new AugmentationSpec { Shift = 1 } };
        var shifts = All(spec)
            .Where(s => s.Kind == SlotKind.Train)
            .SelectMany(s => Rows(s).Skip(s.Layout.FirstNeutral))
            .Select(ShiftOf)
            .ToList();

        Assert.All(shifts, shift => Assert.True(shift is (>= -1 and <= 1, >= -1 and <= 1)));
        Assert.Equal(9, shifts.Distinct().Count());
    }

    [Fact]
    public void Pixels_that_are_left_out_are_as_many_as_asked_for_the_same_in_both_rows_of_an_image_and_never_of_the_label()
    {
        var spec = Spec(NegativesKind.Random) with { Regularization = new RegularizationSpec { InputDropout = 0.3 } };
        double dark = 0,
            all = 0;
        foreach (var slot in All(spec).Where(s => s.Kind == SlotKind.Train))
        {
            var rows = Rows(slot);
            for (var i = 0; i < slot.Layout.Positive; i++)
            {
                Assert.Equal(Dark(rows[i]), Dark(rows[Batch + i]));
                Assert.InRange(ShownLabel(rows[i]), 0, Classes - 1);
                (dark, all) = (dark + Dark(rows[i]).Count, all + Pixels - Classes);
            }
        }

        Assert.InRange(dark / all, 0.27, 0.36); // some are dark in the image already
        Assert.All(
            All(spec).Where(s => s.Kind == SlotKind.Evaluate),
            test => Assert.All(Rows(test), row => Assert.True(Dark(row).Count < 0.1 * Pixels))
        );

        static List<int> Dark(double[] row) => [.. Enumerable.Range(Classes, Pixels - Classes).Where(p => row[p] == 0)];
    }

    [Fact]
    public void Permuted_pixels_are_the_same_pixels_in_one_other_order_for_training_and_testing_with_the_label_in_its_place()
    {
        var (plain, permuted) = (All(Spec(NegativesKind.Random)), All(Spec(NegativesKind.Random) with { PermutePixels = true }));
        foreach (var (one, other) in plain.Zip(permuted).Where(pair => pair.First.Kind != SlotKind.End))
        {
            foreach (var (a, b) in Rows(one).Zip(Rows(other)))
            {
                Assert.Equal(a[..Classes], b[..Classes]);
                Assert.Equal(a.Order(), b.Order());
            }
        }

        Assert.NotEqual(Rows(plain.First())[0], Rows(permuted.First())[0]);
    }

    [Fact]
    public void An_epoch_shows_every_image_once_and_the_next_in_another_order()
    {
        var neutral = All(Spec(NegativesKind.Random))
            .Where(s => s.Kind == SlotKind.Train)
            .Select(s => (s.Epoch, Images: Rows(s).Skip(s.Layout.FirstNeutral).Select(TrainIndex).ToList()))
            .ToList();
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
        var labels = All(Spec(NegativesKind.Hard))
            .Where(s => s.Kind == SlotKind.Evaluate && s.Layout.Neutral > 0 && s.Epoch == 0)
            .SelectMany(s => s.Labels);
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
        source.Offer(
            0,
            [.. Enumerable.Range(0, Batch).SelectMany(i => Enumerable.Range(0, Classes).Select(c => c == (i % Classes) ? 1f : 0))]
        );
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
        byte[] first = Bytes(spec),
            again = Bytes(spec),
            other = Bytes(spec with { Seed = 2 });

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    private static ExperimentSpec Spec(string kind) =>
        TinyRun.Spec() with
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
        return Enumerable
            .Range(0, TinyRun.Data.Train.Count)
            .Single(i =>
            {
                var pixels = TinyRun.Data.Train.Pixels.AsSpan((i * Pixels) + Classes, Pixels - Classes).ToArray();
                return pixels.Zip(image).All(pair => Math.Abs((pair.First / (double)pixels.Max()) - pair.Second) < 1e-5);
            });
    }

    /// <summary>By how many pixels down and to the right the row shows one of the training images.</summary>
    private static (int Down, int Right) ShiftOf(double[] row)
    {
        const int Side = 8;
        var shown = Image(row).ToArray();
        return (
            from down in Enumerable.Range(-2, 5)
            from right in Enumerable.Range(-2, 5)
            from image in Enumerable.Range(0, TinyRun.Data.Train.Count)
            where Matches(image, down, right)
            select (down, right)
        ).First();

        bool Matches(int image, int down, int right)
        {
            double Pixel(int i) =>
                (i / Side) - down is >= 0 and < Side and var y && (i % Side) - right is >= 0 and < Side and var x
                    ? TinyRun.Data.Train.Pixels[(image * Pixels) + (y * Side) + x]
                    : 0;
            var brightest = Enumerable.Range(Classes, Pixels - Classes).Max(Pixel);
            return Enumerable.Range(0, shown.Length).All(i => Math.Abs((Pixel(Classes + i) / brightest) - shown[i]) < 1e-5);
        }
    }
}
