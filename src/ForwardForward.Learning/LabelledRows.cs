using ForwardForward.Learning;
using ForwardForward.Learning.Data;

namespace ForwardForward;

/// <summary>
/// What a network learns from or is tested on: rows of numbers from 0 to 1, each with its class. The label takes the place of a row's first
/// C values, C the number of classes: where those say something, put C zeros before them.
/// </summary>
public sealed class LabelledRows
{
    private LabelledRows(LabelledImages images) => Images = images;

    /// <summary>How many rows.</summary>
    public int Count => Images.Count;

    /// <summary>Values of a row.</summary>
    public int Width => Images.PixelsPerImage;

    /// <summary>The highest label + 1.</summary>
    public int Classes => Images.Labels.Max() + 1;

    internal LabelledImages Images { get; }

    /// <param name="rows">All of one width, each value from 0 to 1; they are copied.</param>
    /// <param name="labels">A class for each row, from 0 to at most 254.</param>
    /// <exception cref="InvalidInputException">Numbers do not match, or a value or label is out of range.</exception>
    public static LabelledRows Of(float[][] rows, ReadOnlySpan<int> labels)
    {
        var width = rows.Length == 0 ? 0 : rows[0].Length;
        if (Array.FindIndex(rows, row => row.Length != width) is var other and >= 0)
        {
            throw new InvalidInputException($"rows[{other}] has {rows[other].Length} values, expected {width} as rows[0] has.");
        }

        return Of(rows.SelectMany(row => row).ToArray(), width, labels);
    }

    /// <param name="values">Row after row, each value from 0 to 1; they are copied.</param>
    /// <param name="width">Values of a row.</param>
    /// <param name="labels">A class for each row, from 0 to at most 254.</param>
    /// <exception cref="InvalidInputException">Numbers do not match, or a value or label is out of range.</exception>
    public static LabelledRows Of(ReadOnlySpan<float> values, int width, ReadOnlySpan<int> labels)
    {
        RequireMatch(values.Length, width, labels.Length);
        RequireValues(values, width);
        return new(new LabelledImages(labels.Length, 1, width, [], ToBytes(labels)) { Values = values.ToArray() });
    }

    /// <summary>Grey images; a pixel counts as pixel / 255.</summary>
    /// <param name="pixels">Image after image, each row after row, 0 (black) to 255.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="labels">A class for each image, from 0 to at most 254.</param>
    /// <exception cref="InvalidInputException">Numbers do not match, or a label is out of range.</exception>
    public static LabelledRows OfImages(ReadOnlySpan<byte> pixels, int height, int width, ReadOnlySpan<int> labels)
    {
        RequireMatch(pixels.Length, height * width, labels.Length);
        return new(new LabelledImages(labels.Length, height, width, pixels.ToArray(), ToBytes(labels)));
    }

    /// <summary>Images and labels in MNIST's file format (IDX), packed with gzip or not.</summary>
    /// <exception cref="InvalidInputException">A file cannot be read, or the two do not belong together.</exception>
    public static LabelledRows ReadIdx(string imagesPath, string labelsPath) => new(IdxFolder.ReadPart(imagesPath, labelsPath));

    /// <summary>The first rows alone.</summary>
    /// <exception cref="InvalidInputException">There are fewer.</exception>
    public LabelledRows First(int count) => new(Images.First(count));

    internal static LabelledRows Of(LabelledImages images) => new(images);

    /// <exception cref="InvalidInputException">A value is no number from 0 to 1.</exception>
    internal static void RequireValues(ReadOnlySpan<float> values, int width)
    {
        var at = values.IndexOfAnyExceptInRange(0f, 1f);
        if (at >= 0)
        {
            throw new InvalidInputException(
                FormattableString.Invariant(
                    $"row {at / width} has the value {values[at]} at position {at % width}, expected values from 0 to 1."
                )
            );
        }
    }

    private static void RequireMatch(int values, int width, int labels)
    {
        if (labels == 0 || width < 1 || values != (long)labels * width)
        {
            throw new InvalidInputException(
                $"{values} values and {labels} labels are no rows of {width} values with a label each, expected at least one."
            );
        }
    }

    private static byte[] ToBytes(ReadOnlySpan<int> labels)
    {
        var at = labels.IndexOfAnyExceptInRange(0, DataSet.MaxClasses - 1);
        return at < 0
            ? Array.ConvertAll(labels.ToArray(), label => (byte)label)
            : throw new InvalidInputException($"labels[{at}] is {labels[at]}, expected a class from 0 to {DataSet.MaxClasses - 1}.");
    }
}
