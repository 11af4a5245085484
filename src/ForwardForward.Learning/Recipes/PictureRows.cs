using System.Runtime.Intrinsics;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Lessons;
using ForwardForward.Learning.Negatives;
using ForwardForward.Learning.Recipes.Augmentations;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Streams;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// Writes pictures as the rows that the first layer reads: pixels / 255, the label over the first C pixels, then divided by the root mean
/// square of the row (Hinton 2022, section 3.3). One picture is loaded at a time, and any number of rows written of it.
/// </summary>
public sealed class PictureRows
{
    private static readonly float[] Shades = [.. Enumerable.Range(0, 256).Select(shade => shade / 255f)];
    private readonly LabelledImages _images;
    private readonly ExperimentSpec _spec;
    private readonly LessonSchedule? _lessons; // whose pictures are numbered on from the images
    private readonly ExampleWindow? _stream; // whose examples are in the place of the images
    private readonly int[]? _order;
    private readonly float[] _pixels;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly float[] _row;
    private IReadOnlyList<IAugmentation>? _augmentations; // none of pictures that are only looked at

    internal PictureRows(
        LabelledImages images,
        int classes,
        ExperimentSpec spec,
        bool haveLabels,
        LessonSchedule? lessons = null,
        ExampleWindow? stream = null
    )
    {
        _stream = stream;
        _images = images;
        _lessons = lessons;
        _spec = spec;
        Classes = classes;
        HasLabels = haveLabels;
        (_pixels, _row) = (new float[images.PixelsPerImage], new float[images.PixelsPerImage]);
        (_first, _second) = (new float[images.PixelsPerImage], new float[images.PixelsPerImage]);
        _order = Order(spec, Width, classes);
    }

    /// <summary>Of each place of a row the pixel of the picture that stands there; null where every pixel stands in its own.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="pixels">Of a picture.</param>
    /// <param name="classes">C: the first C pixels stay, since the label takes their place.</param>
    internal static int[]? Order(ExperimentSpec spec, int pixels, int classes)
    {
        if (!spec.PermutePixels)
        {
            return null;
        }

        var random = new KeyedRandom(spec.Seed, RandomPurpose.PixelOrder, 0, 0);
        return [.. Enumerable.Range(0, classes), .. random.NextOrder(pixels - classes).Select(pixel => classes + pixel)];
    }

    public int Width => _row.Length;

    public int Classes { get; }

    /// <summary>Whether the first C pixels are a label.</summary>
    public bool HasLabels { get; }

    public byte Label(int image) =>
        _stream is { } stream ? stream[image].Label
        : image < _images.Count ? _images.Labels[image]
        : Taught(image).Label;

    /// <summary>Takes up an image as it is.</summary>
    public void Load(int image)
    {
        if (_stream is null && image < _images.Count && _images.Values is { } values)
        {
            values.AsSpan(image * Width, Width).CopyTo(_pixels);
            return;
        }

        var pixels =
            _stream is { } stream ? stream[image].Pixels.Span
            : image < _images.Count ? _images.Pixels.AsSpan(image * Width, Width)
            : Taught(image).Pixels;
        for (var i = 0; i < pixels.Length; i++)
        {
            _pixels[i] = Shades[pixels[i]];
        }
    }

    /// <summary>Takes up an image to learn from: changed and thinned out as the spec wants it for this place of this batch.</summary>
    public void Load(int image, long batch, int place)
    {
        Load(image);
        foreach (var augmentation in _augmentations ??= Augmentation.Of(_spec, new(_images.Height, _images.Width, _images.Channels)))
        {
            augmentation.Apply(_pixels, batch, place);
        }

        Thin(batch, place);
    }

    /// <summary>Makes a negative picture of the one that is loaded and another one of the batch (Hinton 2022, section 3.2).</summary>
    public void Mix(int image, long batch, int place, INegativePictures negatives, ref KeyedRandom random)
    {
        _pixels.CopyTo(_first, 0);
        Load(image, batch, place);
        _pixels.CopyTo(_second, 0);
        if (_images.Channels == 1)
        {
            negatives.Draw(_first, _second, _images.Width, ref random, _pixels);
            return;
        }

        MixChannels(negatives, ref random);
    }

    // Each channel as a picture, of the same draws: a mask is then one of pixels.
    private void MixChannels(INegativePictures negatives, ref KeyedRandom random)
    {
        var (channels, size) = (_images.Channels, _images.Height * _images.Width);
        var (first, second, mixed) = (new float[size], new float[size], new float[size]);
        var begin = random;
        for (var channel = 0; channel < channels; channel++)
        {
            for (var pixel = 0; pixel < size; pixel++)
            {
                (first[pixel], second[pixel]) = (_first[(pixel * channels) + channel], _second[(pixel * channels) + channel]);
            }

            random = begin;
            negatives.Draw(first, second, _images.Width, ref random, mixed);
            for (var pixel = 0; pixel < size; pixel++)
            {
                _pixels[(pixel * channels) + channel] = mixed[pixel];
            }
        }
    }

    /// <summary>The picture with a one-hot label.</summary>
    public void WriteLabelled(Activations rows, int row, int label)
    {
        Place();
        _row.AsSpan(0, Classes).Clear();
        _row[label] = 1;
        Write(rows, row);
    }

    /// <summary>The picture without a word on its class: 1/C in every label pixel, or, where no picture has a label, as it is.</summary>
    public void WriteNeutral(Activations rows, int row)
    {
        Place();
        if (HasLabels)
        {
            _row.AsSpan(0, Classes).Fill(1f / Classes);
        }

        Write(rows, row);
    }

    private TaughtPicture Taught(int image) =>
        _lessons?[image - _images.Count] ?? throw new ArgumentOutOfRangeException(nameof(image), image, "There is no such picture.");

    private void Thin(long batch, int place)
    {
        if (_spec.Regularization.InputDropout == 0)
        {
            return;
        }

        var random = new KeyedRandom(_spec.DrawSeed, RandomPurpose.InputDropout, place, batch);
        foreach (ref var pixel in _pixels.AsSpan())
        {
            pixel = random.NextSingle() < _spec.Regularization.InputDropout ? 0 : pixel;
        }
    }

    private void Place()
    {
        if (_order is null)
        {
            _pixels.CopyTo(_row, 0);
            return;
        }

        for (var i = 0; i < _order.Length; i++)
        {
            _row[i] = _pixels[_order[i]];
        }
    }

    private void Write(Activations rows, int row)
    {
        Scale();
        var length = Width * rows.Precision.ElementBytes();
        Rounding.To(rows.Precision, _row, rows.Bytes.Slice(row * length, length));
    }

    private void Scale()
    {
        if (_spec.Images.Scaling == PictureScaling.Standard)
        {
            double sum = 0;
            foreach (var pixel in _row)
            {
                sum += pixel;
            }

            var mean = (float)(sum / Width);
            foreach (ref var pixel in _row.AsSpan())
            {
                pixel -= mean;
            }
        }

        var scale = Vector512.Create((float)(1 / Math.Sqrt((Squares(_row) / Width) + 1e-30)));
        for (var i = 0; i < Width; i += Lanes<float, Fp32Element>.Count)
        {
            Lanes<float, Fp32Element>.Store(Lanes<float, Fp32Element>.Load(_row, i) * scale, _row, i);
        }
    }

    // In fixed order; and up to 16,384 pixels as they were read no order rounds: their squares are 0 or multiples of 2^-39 up to 1.
    private static double Squares(ReadOnlySpan<float> row)
    {
        Vector512<double> lower = default,
            upper = default;
        for (var i = 0; i < row.Length; i += Lanes<float, Fp32Element>.Count)
        {
            var pixels = Lanes<float, Fp32Element>.Load(row, i);
            var squares = pixels * pixels;
            lower += Vector512.WidenLower(squares);
            upper += Vector512.WidenUpper(squares);
        }

        double sum = 0;
        var sums = lower + upper;
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            sum += sums[lane];
        }

        return sum;
    }
}
