using System.Runtime.InteropServices;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Layers;

namespace ForwardForward.Learning.Tests.Convolutions;

public sealed class ShortcutsTests
{
    private const int Classes = 4;
    private static readonly ConvolutionLayerSpec Plain = TinyConvolutions.Hiding;

    [Fact]
    public void A_tensor_travels_from_stage_to_stage_until_the_last_layer_that_takes_it()
    {
        var layers = Shapes(
            [8, 8, 8, 16, 8],
            Plain,
            Plain,
            Plain with
            {
                ShortcutFrom = 1,
            },
            Plain with
            {
                ShortcutFrom = 1,
                Shortcut = ShortcutKind.Concatenate,
            },
            Plain
        );

        const int Tensor = 8 * 8 * 8;
        Assert.Equal([64, Tensor, 2 * Tensor, 2 * Tensor, 3 * Tensor], layers.Select(layer => layer.RowIn));
        Assert.Equal([Tensor, 2 * Tensor, 2 * Tensor, 3 * Tensor, Tensor], layers.Select(layer => layer.RowOut));
        Assert.Equal([1, 8, 8, 8, 24], layers.Select(layer => layer.In.Channels));
        Assert.Equal([null, null, Tensor, Tensor, null], layers.Select(layer => layer.Route.Taken?.Offset));
    }

    [Fact]
    public void Several_lie_one_behind_the_other_from_the_bottom_up()
    {
        var layers = Shapes([4, 8, 12, 8, 4], Plain, Plain, Plain, Plain with { ShortcutFrom = 2 }, Plain with { ShortcutFrom = 1 });

        // the third gets [2 | 1] and hands on [3 | 1, 2], the fourth hands on [4 | 1]
        Assert.Equal([(8 * 64, 4 * 64), (0, 8 * 64)], layers[2].Route.Carried.Select(part => (part.Offset, part.To.Size)));
        Assert.Equal([(12 * 64, 4 * 64)], layers[3].Route.Carried.Select(part => (part.Offset, part.To.Size)));
        Assert.Equal((12 + 4) * 64, layers[3].Route.Taken!.Value.Offset);
        Assert.Equal(8 * 64, layers[4].Route.Taken!.Value.Offset);
    }

    [Fact]
    public void It_becomes_smaller_where_it_is_first_carried_on_if_all_above_want_it_alike()
    {
        var halving = Plain with { Stride = 2 };
        var taking = Plain with { ShortcutFrom = 1 };

        var alike = Shapes([8, 8, 8, 8], Plain, halving, taking, taking);
        var unlike = Shapes([8, 8, 8, 8], Plain, Plain, taking, taking with { Stride = 2 });

        Assert.Equal((new PictureShape(8, 8, 8), new PictureShape(4, 4, 8)), Sizes(alike[1].Route.Carried[0]));
        Assert.Equal((new PictureShape(4, 4, 8), new PictureShape(4, 4, 8)), Sizes(alike[2].Route.Taken!.Value));
        Assert.Equal((new PictureShape(8, 8, 8), new PictureShape(8, 8, 8)), Sizes(unlike[1].Route.Carried[0]));
        Assert.Equal((new PictureShape(8, 8, 8), new PictureShape(4, 4, 8)), Sizes(unlike[2].Route.Carried[0]));
    }

    [Theory]
    [InlineData(8, 8, 1)]
    [InlineData(8, 4, 2)]
    [InlineData(7, 4, 2)] // a border of smaller squares, as a stride leaves it
    [InlineData(7, 3, 2)] // a border that is left out, as pooling does
    [InlineData(28, 1, 15)]
    [InlineData(4, 8, 0)]
    [InlineData(8, 6, 0)]
    public void Squares_are_as_small_as_they_can_be(int from, int to, int side) =>
        Assert.Equal(side, Shortcuts.Side(new PictureShape(from, from, 1), new PictureShape(to, to, 1)));

    public static TheoryData<string, ConvolutionLayerSpec[], int[]> Networks =>
        new()
        {
            { "added", [Plain, Plain, Plain with { ShortcutFrom = 1 }], [8, 12, 8] },
            { "added to the tensor below itself", [Plain, Plain with { ShortcutFrom = 1 }], [8, 8] },
            {
                "put beside, class by class",
                [Plain, Plain, Plain with { ShortcutFrom = 1, Shortcut = ShortcutKind.Concatenate }],
                [8, 4, 12]
            },
            {
                "pooled on the way",
                [Plain, Plain with { Stride = 2 }, Plain with { ShortcutFrom = 1, Shortcut = ShortcutKind.Concatenate }],
                [8, 4, 12]
            },
            { "pooled where it is added, after the layer's own pooling", [Plain, Plain, Pooled with { ShortcutFrom = 1 }], [8, 4, 8] },
            { "pooled where it is taken", [Plain, Plain with { Stride = 2, ShortcutFrom = 1 }], [8, 8] },
            {
                "taken by two that want it unlike",
                [Plain, Plain, Plain with { ShortcutFrom = 1 }, Plain with { Stride = 2, ShortcutFrom = 1 }],
                [8, 4, 8, 8]
            },
            {
                "pooled over a border",
                [Plain with { Padding = 0, Kernel = 2 }, Plain, Plain with { Stride = 2, ShortcutFrom = 1 }],
                [20, 4, 20]
            },
        };

    private static ConvolutionLayerSpec Pooled => Plain with { Pool = Pooling.Average };

    [Theory]
    [MemberData(nameof(Networks))]
    public void What_is_handed_on_is_what_a_plain_computation_makes_of_both_tensors(
        string name,
        ConvolutionLayerSpec[] specs,
        int[] channels
    )
    {
        var layers = Shapes(channels, specs);
        var rows = new List<Activations> { RandomRows.Make(2, 64, Precision.Fp32) };
        foreach (var (shape, i) in layers.Select((shape, i) => (shape, i)))
        {
            using var layer = Layer(shape, i);
            rows.Add(layer.Forward(rows[^1], trainingSlot: 0));
        }

        // the top layer alone, on what it sees
        var top = layers[^1];
        var plain = top with { Shortcut = null, Route = ShortcutRoute.None, Spec = top.Spec with { ShortcutFrom = 0 } };
        using var alone = Layer(plain, layers.Count - 1);
        using var seen = Activations.Rent(2, top.In.Size, Precision.Fp32);
        for (var picture = 0; picture < 2; picture++)
        {
            Row(rows[^2], picture)[..top.In.Size].CopyTo(Row(seen, picture));
        }

        using var made = alone.Forward(seen, trainingSlot: 0);
        var first = layers[0].Out;
        for (var picture = 0; picture < 2; picture++)
        {
            var expected = Joined(Row(made, picture), top, Row(rows[1], picture)[..first.Size], first);
            Assert.True(expected.AsSpan().SequenceEqual(Row(rows[^1], picture)), name);
        }

        rows.ForEach(one => one.Dispose());
    }

    [Fact]
    public void Deeper17_fits_on_the_pictures_that_it_is_published_for()
    {
        var spec = Presets.Get("conv-deeper17");

        var mnist = ConvolutionShape.All(spec, 28 * 28, 10);
        var cifar = ConvolutionShape.All(spec with { Images = spec.Images with { Channels = 3 } }, 32 * 32 * 3, 10);

        Assert.Equal(
            [40, 40, 40, 40, 80, 80, 80, 80, 160, 160, 160, 160, 320, 320, 320, 320, 320],
            mnist.Select(layer => layer.Out.Channels)
        );
        Assert.Equal(
            [(28, 5), (14, 4), (7, 4), (4, 4)],
            mnist.CountBy(layer => layer.Out.Height).Select(block => (block.Key, block.Value))
        );
        foreach (var (shape, i) in mnist.Select((shape, i) => (shape, i)))
        {
            ConvolutionTrial.Require(shape, i); // strides among them
        }

        Assert.Equal([32, 16, 8, 4], cifar.Select(layer => layer.Out.Height).Distinct());
        // at most one tensor beside the layer's own, and never a larger one
        Assert.All(mnist, layer => Assert.InRange(layer.RowOut, layer.Out.Size, 2 * layer.Out.Size));
        Assert.Equal(Enumerable.Repeat(9.0 * 40 * 40 * 32 * 32, 16), cifar.Skip(1).Select(layer => layer.Multiplications));
    }

    private static (PictureShape, PictureShape) Sizes(RowPart part) => (part.From, part.To);

    private static Span<float> Row(Activations rows, int picture) =>
        MemoryMarshal.Cast<byte, float>(rows.Bytes).Slice(picture * rows.Width, rows.Width);

    private static float[] Joined(ReadOnlySpan<float> made, ConvolutionShape top, ReadOnlySpan<float> shortcut, PictureShape from)
    {
        var (own, isBeside) = (top.Channels, top.Spec.Shortcut == ShortcutKind.Concatenate);
        var (points, side) = (top.Made, (from.Height + top.Made.Height - 1) / top.Made.Height);
        var joined = new List<float>();
        for (var y = 0; y < points.Height; y++)
        {
            for (var x = 0; x < points.Width; x++)
            {
                float Mean(ReadOnlySpan<float> values, int channel)
                {
                    var (sum, count) = (0f, 0);
                    for (var i = y * side; i < Math.Min((y + 1) * side, from.Height); i++)
                    {
                        for (var j = x * side; j < Math.Min((x + 1) * side, from.Width); j++)
                        {
                            (sum, count) = (sum + values[(((i * from.Width) + j) * from.Channels) + channel], count + 1);
                        }
                    }

                    return count == 1 ? sum : sum * (1f / count);
                }

                var at = ((y * points.Width) + x) * own;
                for (var set = 0; set < Classes; set++)
                {
                    for (var c = set * own / Classes; c < (set + 1) * own / Classes; c++)
                    {
                        joined.Add(isBeside ? made[at + c] : made[at + c] + Mean(shortcut, c));
                    }

                    for (var c = set * from.Channels / Classes; isBeside && c < (set + 1) * from.Channels / Classes; c++)
                    {
                        joined.Add(Mean(shortcut, c));
                    }
                }
            }
        }

        return [.. joined];
    }

    private static IReadOnlyList<ConvolutionShape> Shapes(int[] channels, params ConvolutionLayerSpec[] layers) =>
        ConvolutionShape.All(TinyConvolutions.Spec(layers) with { Layers = channels }, 64, Classes);

    private static ConvolutionLayer Layer(ConvolutionShape shape, int index) =>
        new(
            new ConvolutionOptions
            {
                Index = index,
                Shape = shape,
                MaxRows = 2,
                BatchSize = 2,
            }
        );
}
