namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>Keeps the mean red, green and blue of every square of a picture's pixels. What is transparent is black.</summary>
/// <param name="width">Of the whole picture, in pixels.</param>
/// <param name="height">Of the whole picture.</param>
/// <param name="square">Pixels a side that become one.</param>
internal sealed class ColourShrinking(int width, int height, int square) : IShrinking
{
    private const int Channels = ColourPicture.Channels;
    private const int BytesOfPixel = 4;
    private readonly int _columns = (width + square - 1) / square;
    private readonly int[] _sums = new int[((width + square - 1) / square) * ((height + square - 1) / square) * Channels];

    public void AddGrey(int y, ReadOnlySpan<byte> row)
    {
        var sums = Line(y);
        for (var x = 0; x < row.Length; x++)
        {
            foreach (ref var sum in sums.Slice(x / square * Channels, Channels))
            {
                sum += row[x];
            }
        }
    }

    public void AddColour(int y, ReadOnlySpan<byte> row)
    {
        var sums = Line(y);
        for (var x = 0; x < row.Length / BytesOfPixel; x++)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                sums[(x / square * Channels) + channel] += row[(BytesOfPixel * x) + channel];
            }
        }
    }

    public ColourPicture Result()
    {
        var pixels = new byte[_sums.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var area = Area(i / Channels);
            pixels[i] = (byte)((_sums[i] + (area / 2)) / area);
        }

        return new ColourPicture(_columns, pixels.Length / Channels / _columns, pixels);
    }

    private Span<int> Line(int y) => _sums.AsSpan(y / square * _columns * Channels, _columns * Channels);

    // Squares at the right and at the bottom may be cut.
    private int Area(int i) => Math.Min(square, width - (i % _columns * square)) * Math.Min(square, height - (i / _columns * square));
}
