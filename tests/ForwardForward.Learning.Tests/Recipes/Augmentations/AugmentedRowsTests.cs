using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Convolutions;

namespace ForwardForward.Learning.Tests.Recipes.Augmentations;

/// <summary>Pictures that are changed in every way at once.</summary>
public sealed class AugmentedRowsTests
{
    private static readonly AugmentationSpec All = new()
    {
        Shift = 1,
        Flip = 0.5,
        Rotate = 20,
        Zoom = 0.2,
        Crop = 0.5,
        Colour = 0.3,
        Hue = 0.1,
        ColourShare = 0.8,
        Grey = 0.2,
    };

    public static TheoryData<string, AugmentationSpec> EachAlone =>
        new()
        {
            {
                "flip",
                new() { Flip = 0.5 }
            },
            {
                "rotate",
                new() { Rotate = 20 }
            },
            {
                "zoom",
                new() { Zoom = 0.2 }
            },
            {
                "crop",
                new() { Crop = 0.5 }
            },
            {
                "colour",
                new() { Colour = 0.3 }
            },
            {
                "hue",
                new() { Hue = 0.1 }
            },
            {
                "grey",
                new() { Grey = 0.5 }
            },
            { "all", All },
        };

    [Theory]
    [MemberData(nameof(EachAlone))]
    public void The_same_seed_batch_and_place_make_the_same_bytes_and_others_make_others(string name, AugmentationSpec augmentation)
    {
        var spec = Spec() with { Augmentation = augmentation };
        var rows = new PictureRows(Coloured(40).Train, 4, spec, haveLabels: false);
        float[][] first = [.. Enumerable.Range(0, 12).Select(place => Row(rows, batch: 2, place))],
            otherBatch = [.. Enumerable.Range(0, 12).Select(place => Row(rows, batch: 3, place))];
        var again = new PictureRows(Coloured(40).Train, 4, spec, haveLabels: false);
        var otherSeed = new PictureRows(Coloured(40).Train, 4, spec with { Seed = 2 }, haveLabels: false);

        // Whatever was made before, and in any order.
        Assert.All(Enumerable.Range(0, 12).Reverse(), place => Assert.Equal(first[place], Row(again, batch: 2, place)));
        var kinds = first.Select(Bytes).Distinct().Count();
        Assert.True(kinds >= 2, $"{name}: {kinds} pictures of 12 places.");
        Assert.NotEqual(first.Select(Bytes), otherBatch.Select(Bytes));
        Assert.NotEqual(first.Select(Bytes), Enumerable.Range(0, 12).Select(place => Bytes(Row(otherSeed, batch: 2, place))));
        Assert.All(first, row => Assert.DoesNotContain(row, value => !float.IsFinite(value)));
    }

    [Fact]
    public void A_picture_that_is_tested_or_asked_about_stays_as_it_is()
    {
        var images = Coloured(40).Test;
        var (plain, changed) = (
            new PictureRows(images, 4, Spec(), haveLabels: false),
            new PictureRows(images, 4, Spec() with { Augmentation = All }, haveLabels: false)
        );
        plain.Load(1);
        changed.Load(1);
        Assert.Equal(Written(plain), Written(changed));
    }

    // A change of any of these numbers makes other bits of every run that has it: it is a new version, never a correction.
    [Fact]
    public void The_bytes_are_those_of_the_day_on_which_this_was_written()
    {
        var rows = new PictureRows(Coloured(40).Train, 4, Spec() with { Augmentation = All }, haveLabels: false);
        var all = string.Concat(Enumerable.Range(0, 20).Select(place => Bytes(Row(rows, batch: 1, place))));
        Assert.Equal("69D88BA22A864FC2", Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(all)))[..16]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_run_that_is_taken_up_from_any_snapshot_ends_in_the_same_bytes(bool convolutional)
    {
        var data = Coloured(40);
        var spec = (convolutional ? TinyConvolutions.Spec(TinyConvolutions.Competing) : Spec()) with
        {
            Augmentation = All,
            BatchSize = 10,
            Epochs = 2,
            Negatives = new NegativesSpec { Lag = 2 },
        };
        spec = DataDescription.Of(data).Fill(spec);
        var snapshots = new List<(long NextSlot, IReadOnlyList<IReadOnlyList<StateTensor>> State)>();
        using var undisturbed = new SequentialTrainer(spec, data, WorkerPool.One);
        undisturbed.SlotDone += slot =>
        {
            if (undisturbed.Plan[slot].Kind == SlotKind.Train)
            {
                snapshots.Add((slot + 1, undisturbed.SnapshotAfter(slot)));
            }
        };
        var expected = undisturbed.Run();

        foreach (var (nextSlot, state) in snapshots)
        {
            using var resumed = new SequentialTrainer(spec, data, WorkerPool.One);
            resumed.Restore(nextSlot, state);
            var result = resumed.Run();
            Assert.Equal((expected.Hash, expected.Evaluation), (result.Hash, result.Evaluation));
        }

        using var plain = new SequentialTrainer(spec with { Augmentation = new() }, data, WorkerPool.One);
        Assert.NotEqual(expected.Hash, plain.Run().Hash);
    }

    [Fact]
    public void What_the_pictures_have_no_room_for_is_refused_in_a_sentence()
    {
        var spec = TinyRun.Spec();
        foreach (
            var colours in new AugmentationSpec[]
            {
                new() { Colour = 0.1 },
                new() { Hue = 0.1 },
                new() { Grey = 0.1 },
            }
        )
        {
            Assert.Equal(
                "augmentation.colour, hue, grey: the pictures have 1 number for each pixel, and these change pictures of red, green and "
                    + "blue; expected 0.",
                Refusal(spec with { Augmentation = colours }, TinyRun.Data)
            );
        }

        var rows = TinyRun.Data with
        {
            Train = TinyRun.Data.Train with { Height = 1, Width = 64 },
            Test = TinyRun.Data.Test with { Height = 1, Width = 64 },
        };
        Assert.Equal(
            "augmentation.flip, rotate, zoom, crop: rows of numbers whose shape nobody knows have no left and right; expected 0.",
            Refusal(spec with { Augmentation = new() { Flip = 0.5 } }, rows)
        );
    }

    private static string Refusal(ExperimentSpec spec, DataSet data)
    {
        var message = Assert.Throws<InvalidInputException>(() => new SequentialTrainer(spec, data, WorkerPool.One)).Message;
        Assert.Equal(message, Assert.Throws<InvalidInputException>(() => DataDescription.Of(data).Fill(spec)).Message);
        return message;
    }

    private static ExperimentSpec Spec() => new() { Precision = Precision.Fp32, Layers = [8, 8] };

    private static DataSet Coloured(int count) => DataSet.Of("coloured", Images(count, 1), Images(count / 2, 2), classes: 4);

    private static LabelledImages Images(int count, int slot)
    {
        var random = new KeyedRandom(9, RandomPurpose.Scene, 0, slot);
        var pixels = new byte[count * 8 * 8 * 3];
        foreach (ref var pixel in pixels.AsSpan())
        {
            pixel = (byte)random.NextInt32(256);
        }

        return new(count, 8, 8, pixels, [.. Enumerable.Range(0, count).Select(i => (byte)(i % 4))]) { Channels = 3 };
    }

    private static float[] Row(PictureRows rows, long batch, int place)
    {
        rows.Load(0, batch, place);
        return Written(rows);
    }

    private static float[] Written(PictureRows rows)
    {
        using var written = Activations.Rent(1, rows.Width, Precision.Fp32);
        rows.WriteNeutral(written, 0);
        return MemoryMarshal.Cast<byte, float>(written.Bytes).ToArray();
    }

    private static string Bytes(float[] row) => Convert.ToHexString(MemoryMarshal.AsBytes<float>(row));
}
