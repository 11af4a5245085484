namespace ForwardForward.Learning.Readouts;

/// <summary>What images are taken for.</summary>
internal static class Classification
{
    /// <summary>How many are taken for another class.</summary>
    /// <param name="scores">One per image and class; the largest wins, the first of equals.</param>
    /// <param name="labels">True class per image.</param>
    public static int Errors(ReadOnlySpan<float> scores, ReadOnlySpan<byte> labels)
    {
        var (classes, wrong) = (labels.Length == 0 ? 0 : scores.Length / labels.Length, 0);
        for (var i = 0; i < labels.Length; i++)
        {
            var image = scores.Slice(i * classes, classes);
            var best = 0;
            for (var c = 1; c < classes; c++)
            {
                best = image[c] > image[best] ? c : best;
            }

            wrong += best == labels[i] ? 0 : 1;
        }

        return wrong;
    }
}
