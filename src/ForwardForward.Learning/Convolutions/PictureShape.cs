using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Convolutions;

/// <summary>A picture, or what a convolutional layer makes of one: points row by row, the channels of a point side by side.</summary>
internal readonly record struct PictureShape(int Height, int Width, int Channels)
{
    public int Points => Height * Width;

    /// <summary>Numbers of one picture.</summary>
    public int Size => Points * Channels;

    /// <summary>Of a run's pictures.</summary>
    /// <param name="pixels">Numbers of one of them.</param>
    /// <exception cref="InvalidInputException">So many numbers are no picture of the spec's channels and height.</exception>
    public static PictureShape Of(ImagesSpec images, int pixels) =>
        Find(images, pixels)
        ?? throw new InvalidInputException(
            $"images: {pixels} numbers are no {(images.Height > 0 ? $"picture of {images.Height} rows" : "square picture")} with "
                + $"{images.Channels} channels; expected images.channels and images.height as the pictures have them."
        );

    /// <summary>Of a run's pictures; null where so many numbers are no picture of the spec's channels and height.</summary>
    /// <param name="pixels">Numbers of one of them.</param>
    public static PictureShape? Find(ImagesSpec images, int pixels)
    {
        var points = pixels / images.Channels;
        var height = Math.Max(1, images.Height > 0 ? images.Height : (int)Math.Sqrt(points));
        var shape = new PictureShape(height, points / height, images.Channels);
        return shape.Size == pixels && pixels > 0 && (images.Height > 0 || shape.Height == shape.Width) ? shape : null;
    }

    public override string ToString() => $"{Height} x {Width} x {Channels}";
}
