namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// What channels say where they speak for classes that they have learned: 0.94 of the mean of their points, 0.06 of the greatest, less 0.05
/// of the least (CAW-Conv, 2026).
/// </summary>
/// <param name="rows">Most pictures at a time.</param>
internal sealed class ChannelExtremes(ConvolutionShape shape, int rows)
{
    public const float OfMean = 0.94f;
    public const float OfGreatest = 0.06f;
    public const float OfLeast = -0.05f;
    private readonly int[] _greatest = new int[rows * shape.Channels]; // positions in the activity
    private readonly int[] _least = new int[rows * shape.Channels];
    private readonly float[] _spoken = new float[rows * shape.Channels];

    /// <summary>Of some pictures, N x U.</summary>
    public ReadOnlySpan<float> Spoken(int first, int count) => _spoken.AsSpan(first * shape.Channels, count * shape.Channels);

    /// <param name="activity">Points x U.</param>
    /// <param name="sums">Over the points of each channel.</param>
    public void Look(int picture, ReadOnlySpan<float> activity, ReadOnlySpan<float> sums)
    {
        var (units, points) = (shape.Channels, shape.Activity.Points);
        var greatest = _greatest.AsSpan(picture * units, units);
        var least = _least.AsSpan(picture * units, units);
        for (var c = 0; c < units; c++)
        {
            (greatest[c], least[c]) = (c, c);
        }

        for (var i = units; i < activity.Length; i += units)
        {
            for (var c = 0; c < units; c++)
            {
                greatest[c] = activity[i + c] > activity[greatest[c]] ? i + c : greatest[c];
                least[c] = activity[i + c] < activity[least[c]] ? i + c : least[c];
            }
        }

        for (var c = 0; c < units; c++)
        {
            _spoken[(picture * units) + c] =
                (OfMean * sums[c] / points) + (OfGreatest * activity[greatest[c]]) + (OfLeast * activity[least[c]]);
        }
    }

    /// <summary>The slope by each point through the mean.</summary>
    public float OfEachPoint(float pull) => OfMean * pull / shape.Activity.Points;

    /// <summary>Adds to the slopes by the two points of each channel that are its greatest and its least.</summary>
    /// <param name="pulls">By what channels say, U.</param>
    /// <param name="factor">Of all of it.</param>
    /// <param name="target">Points x U.</param>
    public void AddSlopes(int picture, ReadOnlySpan<float> activity, ReadOnlySpan<float> pulls, float factor, Span<float> target)
    {
        for (var c = 0; c < pulls.Length; c++)
        {
            var at = (picture * pulls.Length) + c;
            Add(_greatest[at], OfGreatest * pulls[c] * factor, activity, target);
            Add(_least[at], OfLeast * pulls[c] * factor, activity, target);
        }
    }

    private static void Add(int at, float slope, ReadOnlySpan<float> activity, Span<float> target) =>
        target[at] += activity[at] > 0 ? slope : 0;
}
