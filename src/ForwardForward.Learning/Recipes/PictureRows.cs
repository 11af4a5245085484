using System.Runtime.InteropServices;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// Writes pictures as the rows that the first layer reads: pixels / 255, the label over the first C pixels, then divided by the root
/// mean square of the row (Hinton 2022, section 3.3).
/// </summary>
public sealed class PictureRows(LabelledImages images, int classes, Precision precision)
{
    private readonly float[] _row = new float[images.PixelsPerImage];

    public int Width => _row.Length;

    public int Classes => classes;

    public byte Label(int image) => images.Labels[image];

    /// <summary>The picture with a one-hot label.</summary>
    public void WriteLabelled(Activations rows, int row, int image, int label)
    {
        Pixels(image);
        _row.AsSpan(0, classes).Clear();
        _row[label] = 1;
        Write(rows, row);
    }

    /// <summary>The picture with 1/C in every label pixel.</summary>
    public void WriteNeutral(Activations rows, int row, int image)
    {
        Pixels(image);
        _row.AsSpan(0, classes).Fill(1f / classes);
        Write(rows, row);
    }

    private void Pixels(int image)
    {
        var pixels = images.Pixels.AsSpan(image * Width, Width);
        for (var i = 0; i < pixels.Length; i++)
        {
            _row[i] = pixels[i] / 255f;
        }
    }

    private void Write(Activations rows, int row)
    {
        double squares = 0;
        foreach (var value in _row)
        {
            squares += value * value;
        }

        var scale = (float)(1 / Math.Sqrt((squares / Width) + 1e-30));
        foreach (ref var value in _row.AsSpan())
        {
            value *= scale;
        }

        var bytes = rows.Bytes.Slice(row * Width * precision.ElementBytes(), Width * precision.ElementBytes());
        if (precision == Precision.Fp32)
        {
            _row.CopyTo(MemoryMarshal.Cast<byte, float>(bytes));
        }
        else
        {
            Rounding.ToBf16(_row, MemoryMarshal.Cast<byte, ushort>(bytes));
        }
    }
}
