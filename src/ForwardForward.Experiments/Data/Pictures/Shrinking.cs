namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>
/// Takes the rows of a picture one after another and keeps the mean of every square of its pixels: of a picture of any size no more than
/// that is ever held.
/// </summary>
/// <param name="width">Of the whole picture, in pixels.</param>
/// <param name="height">Of the whole picture.</param>
/// <param name="square">Pixels a side that become one.</param>
internal sealed class Shrinking(int width, int height, int square) : IShrinking
{
    // ITU-R BT.601; together 1
    private const float Red = 0.299f;
    private const float Green = 0.587f;
    private const float Blue = 0.114f;
    private const float Opaque = 255;
    private readonly int _columns = (width + square - 1) / square;
    private readonly float[] _light = new float[((width + square - 1) / square) * ((height + square - 1) / square)];
    private readonly float[] _cover = new float[((width + square - 1) / square) * ((height + square - 1) / square)];

    public void AddGrey(int y, ReadOnlySpan<byte> row)
    {
        var line = y / square * _columns;
        for (var x = 0; x < row.Length; x++)
        {
            var at = line + (x / square);
            _light[at] += row[x];
            _cover[at] += Opaque;
        }
    }

    public void AddColour(int y, ReadOnlySpan<byte> row)
    {
        var line = y / square * _columns;
        for (var x = 0; x < row.Length / 4; x++)
        {
            var (r, g, b) = (row[4 * x], row[(4 * x) + 1], row[(4 * x) + 2]);
            var at = line + (x / square);
            _light[at] += r == g && g == b ? r : (Red * r) + (Green * g) + (Blue * b);
            _cover[at] += row[(4 * x) + 3];
        }
    }

    /// <summary>What is transparent is paper, or a board where what is drawn on it is bright.</summary>
    public GreyPicture Result()
    {
        var behind = _light.Sum(light => (double)light) > _cover.Sum(cover => (double)cover) / 2 && IsTransparent ? 0 : Opaque;
        var rows = _light.Length / _columns;
        return new GreyPicture(_columns, rows, [.. _light.Select((light, i) => (light + Behind(i, behind)) / Area(i))]);
    }

    private bool IsTransparent => Enumerable.Range(0, _cover.Length).Any(i => _cover[i] < Area(i) * Opaque / 2);

    private float Behind(int i, float behind) => ((Area(i) * Opaque) - _cover[i]) * behind / Opaque;

    // Squares at the right and at the bottom may be cut.
    private int Area(int i) => Math.Min(square, width - (i % _columns * square)) * Math.Min(square, height - (i / _columns * square));
}
