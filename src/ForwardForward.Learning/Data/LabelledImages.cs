using System.Diagnostics.CodeAnalysis;

namespace ForwardForward.Learning.Data;

/// <summary>Grey or coloured images of one size with a class each.</summary>
/// <param name="Count">How many images.</param>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Pixels">Count x Height x Width x Channels, row-major, 0 (black) to 255.</param>
/// <param name="Labels">Count class numbers, from 0.</param>
internal sealed record LabelledImages(int Count, int Height, int Width, byte[] Pixels, byte[] Labels)
{
    /// <summary>Numbers of a pixel, side by side: 1 (grey), or 3 (red, green, blue) of a photograph.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Numbers of an image: Height x Width x Channels.</summary>
    public int PixelsPerImage => Height * Width * Channels;

    /// <summary>In place of <see cref="Pixels"/>, which are empty then: as many numbers from 0 to 1.</summary>
    internal float[]? Values { get; init; }

    /// <summary>The first <paramref name="count"/> images; 0 means all.</summary>
    /// <exception cref="InvalidInputException">There are fewer, or the count is negative.</exception>
    public LabelledImages First(int count)
    {
        if (count < 0 || count > Count)
        {
            throw new InvalidInputException(
                $"{count} images are asked for, expected 1 to {Count}, which is how many there are, or 0 for all."
            );
        }

        return count == 0 || count == Count ? this : Part(0, count);
    }

    /// <summary>So many images from one on.</summary>
    public LabelledImages Part(int first, int count) =>
        this with
        {
            Count = count,
            Pixels = Cut(Pixels, first, count),
            Values = Cut(Values, first, count),
            Labels = Labels[first..(first + count)],
        };

    /// <summary>Rows become columns: for files that store pictures that way, as EMNIST's do. A pixel's numbers stay together.</summary>
    public LabelledImages Transposed() => this with { Height = Width, Width = Height, Pixels = Turned(Pixels), Values = Turned(Values) };

    [return: NotNullIfNotNull(nameof(all))]
    private T[]? Turned<T>(T[]? all)
    {
        if (all is null or [])
        {
            return all;
        }

        var turned = new T[all.Length];
        for (var pixel = 0; pixel < all.Length / Channels; pixel++)
        {
            var (image, row, column) = (pixel / (Height * Width), pixel % (Height * Width) / Width, pixel % Width);
            var to = (image * Height * Width) + (column * Height) + row;
            all.AsSpan(pixel * Channels, Channels).CopyTo(turned.AsSpan(to * Channels));
        }

        return turned;
    }

    [return: NotNullIfNotNull(nameof(all))]
    private T[]? Cut<T>(T[]? all, int first, int count) =>
        all is null or [] ? all : all[(first * PixelsPerImage)..((first + count) * PixelsPerImage)];
}
