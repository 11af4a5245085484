namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// Which pictures go together through a product, and on which lane: a function of the shape and the batch alone, so that no sum depends on
/// how many threads there are.
/// </summary>
internal sealed record PictureLanes
{
    private const int MostTogether = 16;
    private const int Most = 4; // each has a gradient of its own

    /// <param name="numbers">Of unfolded columns that go together: they stay in a core's cache.</param>
    /// <param name="learned">Pictures of a batch that is learned from.</param>
    public PictureLanes(ConvolutionShape shape, int numbers, int learned)
    {
        var perPicture = shape.Convolved.Points * Math.Max(shape.Inputs, shape.Channels);
        Together = Math.Clamp(numbers / perPicture, 1, MostTogether);
        Count = Math.Clamp(Pieces(learned), 1, Most);
    }

    /// <summary>Most pictures of a product.</summary>
    public int Together { get; }

    public int Count { get; }

    /// <summary>Products that so many pictures need.</summary>
    public int Pieces(int pictures) => (pictures + Together - 1) / Together;

    /// <summary>The pictures of a lane, as they go together.</summary>
    /// <param name="pictures">Of all lanes.</param>
    public IEnumerable<(int First, int Count)> Of(int lane, int pictures)
    {
        for (var first = lane * Together; first < pictures; first += Together * Count)
        {
            yield return (first, Math.Min(Together, pictures - first));
        }
    }
}
