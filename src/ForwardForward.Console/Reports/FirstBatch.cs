using ForwardForward.Learning.Data;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Console.Reports;

/// <summary>The first images that a run learns from, as its first layer gets them.</summary>
internal static class FirstBatch
{
    private const int Shown = 10;

    /// <returns>Positive, negative and neutral rows. Wrong labels are drawn as at the start, when each is as likely as another.</returns>
    public static IReadOnlyList<(string Name, IReadOnlyList<SmallPicture> Pictures)> Of(ExperimentSpec spec, DataSet data)
    {
        var source = new SlotSource(spec, data);
        var first = Enumerable
            .Range(0, (int)Math.Min(source.Plan.SlotCount, int.MaxValue))
            .First(slot => source.Plan[slot].LearnedBatch >= 0);
        source.Offer(source.Plan[first].LearnedBatch, [.. Enumerable.Repeat(1f / data.Classes, spec.BatchSize * data.Classes)]);
        var slot = source.Make(first);
        using var rows = slot.Rows!;
        IEnumerable<(string Name, IReadOnlyList<SmallPicture> Pictures)> groups =
        [
            ("positive", Pictures(rows, 0, slot.Layout.Positive, data)),
            ("negative", Pictures(rows, slot.Layout.Positive, slot.Layout.Negative, data)),
            ("neutral", Pictures(rows, slot.Layout.FirstNeutral, slot.Layout.Neutral, data)),
        ];
        return [.. groups.Where(group => group.Pictures.Count > 0)];
    }

    private static List<SmallPicture> Pictures(Activations rows, int first, int count, DataSet data) =>
        [
            .. Enumerable
                .Range(first, Math.Min(count, Shown))
                .Select(row => new SmallPicture(
                    Brightness(rows, row, data.Train.Channels),
                    data.Train.Width,
                    data.Train.Height,
                    Channels: data.Train.Channels
                )),
        ];

    private static float[] Brightness(Activations rows, int row, int channels)
    {
        var values = new float[rows.Width];
        var bytes = rows.Bytes.Slice(row * rows.Width * rows.Precision.ElementBytes(), rows.Width * rows.Precision.ElementBytes());
        Rounding.From(rows.Precision, bytes, values);
        var brightest = Math.Max(float.Epsilon, values.Max());
        var darkest = channels == 1 ? 0 : Math.Min(0, values.Min()); // of ink that is below 0 the amount is shown, of colours none
        return Array.ConvertAll(values, value => (value - darkest) / (brightest - darkest));
    }
}
