using SkiaSharp;

namespace ForwardForward.Benchmarks.Pictures;

/// <summary>A JPEG as a phone stores it: turned, with the orientation beside it that makes it upright again.</summary>
internal static class ExifPicture
{
    public static byte[] Stored(Scene upright, int orientation) =>
        WithOrientation(Turned(upright, orientation).Encode(SKEncodedImageFormat.Jpeg, 90), orientation);

    /// <summary>What EXIF's orientation says: where the first row and the first column of what is stored belong.</summary>
    private static Scene Turned(Scene upright, int orientation)
    {
        var (w, h) = (upright.Width, upright.Height);
        var (width, height) = orientation >= 5 ? (h, w) : (w, h);
        float At(int row, int column)
        {
            var (x, y) = orientation switch
            {
                2 => (w - 1 - column, row), // top, right
                3 => (w - 1 - column, h - 1 - row), // bottom, right
                4 => (column, h - 1 - row), // bottom, left
                5 => (row, column), // left, top
                6 => (w - 1 - row, column), // right, top
                7 => (w - 1 - row, h - 1 - column), // right, bottom
                8 => (row, h - 1 - column), // left, bottom
                _ => (column, row),
            };
            return upright.Pixels[(y * w) + x];
        }

        return new Scene(width, height, [.. Enumerable.Range(0, width * height).Select(i => At(i / width, i % width))]);
    }

    // One entry (0x0112, a short) in a directory of its own, in the second segment of the file.
    private static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], 0xff, 0xe1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }
}
