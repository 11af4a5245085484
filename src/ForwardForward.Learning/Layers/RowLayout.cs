namespace ForwardForward.Learning.Layers;

/// <summary>
/// The groups of rows of one slot, in this order. Positive and negative rows are learned from, neutral rows carry 0.1 in every label pixel
/// and feed the readout, candidate rows are test images with each label in turn, the labels of an image side by side.
/// </summary>
internal readonly record struct RowLayout(int Positive, int Negative, int Neutral, int Candidates)
{
    public int Total => Positive + Negative + Neutral + Candidates;

    /// <summary>Rows that a layer learns from; they come first.</summary>
    public int Learned => Positive + Negative;

    public int FirstNeutral => Learned;

    public int FirstCandidate => Learned + Neutral;

    /// <summary>Rows of a rise, the first ones, that iterations follow on.</summary>
    public int Going => Learned + Candidates;

    /// <summary>
    /// The learned row of the other kind that belongs to one: it has the place among the negative rows that the positive one has among the
    /// positive.
    /// </summary>
    public int Paired(int row) => row < Positive ? Math.Min(row + Positive, Learned - 1) : row - Positive;

    /// <summary>
    /// Which of fewer rows, one for several of this layout, stands for a row: pictures whose labels are above the top layer.
    /// </summary>
    /// <param name="given">How many there are; as many as the layout has: each stands for itself.</param>
    public int Standing(int row, int given) =>
        given == Total ? row
        : Candidates > 0 ? row / (Total / given)
        : row % given;
}
