namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>
/// A thing as the pictures of Fashion-MNIST were made: bright on dark where it was photographed on white, its longer side as long as the
/// frame's, in all its shades of grey.
/// </summary>
internal static class Article
{
    private const float Half = 127.5f;
    private const float Brightest = 255;
    private const float Faint = 12;
    private const double MinPart = 0.02;
    private const int CornersAlong = 16;

    /// <returns>Side x side, row-major; null where the picture shows nothing.</returns>
    public static byte[]? Of(GreyPicture picture, int side)
    {
        var ground = Ground(picture);
        var isOnWhite = ground > Half;
        var range = isOnWhite ? ground : Brightest - ground;
        var bright = picture with
        {
            Pixels = [.. picture.Pixels.Select(pixel => Math.Max(0, (isOnWhite ? ground - pixel : pixel - ground) * Brightest / range))],
        };
        var blobs = Blob.All(Array.ConvertAll(bright.Pixels, pixel => pixel >= Faint), picture.Width, bright.Pixels);
        if (blobs.Count == 0)
        {
            return null;
        }

        var largest = blobs.Max(blob => blob.Mass);
        var box = blobs.Where(blob => blob.Mass >= MinPart * largest).Aggregate(Box.Empty, (box, blob) => box.With(blob.Box));
        return Framing.ToBytes(Framing.Scaled(bright.Part(box), side, Framing.Whole));
    }

    // What the corners show, or most of them.
    private static float Ground(GreyPicture picture)
    {
        var (right, down) = (Math.Max(1, picture.Width / CornersAlong), Math.Max(1, picture.Height / CornersAlong));
        float Corner(int x, int y) => Cells.Median(picture.Part(new Box(x, y, x + right, y + down)).Pixels);
        return Cells.Median([
            Corner(0, 0),
            Corner(picture.Width - right, 0),
            Corner(0, picture.Height - down),
            Corner(picture.Width - right, picture.Height - down),
        ]);
    }
}
