namespace ForwardForward.Learning.Recipes;

/// <summary>
/// What layers find, by goodness, of a question's images with each label: goes up with the slot, as <see cref="Slot.OwnErrors"/> do.
/// </summary>
/// <param name="Candidates">
/// Rows that stand behind the question's neutral ones: each image with every label in turn. 0 where no picture has a label.
/// </param>
/// <param name="Goodness">
/// Of every layer from the bottom up as far as the slot has come: of all rows of the question, or, from layers that tell classes without
/// labels, of every class of each image; nothing where layers tell no class.
/// </param>
internal sealed record TriedLabels(int Candidates, float[] Goodness)
{
    /// <summary>With what the next layer finds.</summary>
    public TriedLabels And(ReadOnlySpan<float> goodness) => this with { Goodness = [.. Goodness, .. goodness] };

    /// <summary>Image by image.</summary>
    /// <returns>Null where no layer has found anything, or nothing that is a number.</returns>
    public LayerGoodness? Of(int images, int classes)
    {
        if (Goodness.Length == 0 || !Goodness.All(float.IsFinite))
        {
            return null;
        }

        var (neutral, rows) = (Candidates > 0 ? images : 0, images * classes);
        var layers = Goodness.Length / (neutral + rows);
        var found = new LayerGoodness(new float[layers * rows], new float[layers * neutral]);
        for (var image = 0; image < images; image++)
        {
            for (var layer = 0; layer < layers; layer++)
            {
                var (from, to) = (layer * (neutral + rows), (image * layers) + layer);
                Goodness.AsSpan(from + neutral + (image * classes), classes).CopyTo(found.Labels.AsSpan(to * classes));
                if (neutral > 0)
                {
                    found.Neutral[to] = Goodness[from + image];
                }
            }
        }

        return found;
    }
}

/// <summary>Goodness of images in every layer from the bottom up, up to the highest that the readout looks at.</summary>
/// <param name="Labels">With each label: row-major images x layers x classes.</param>
/// <param name="Neutral">With the neutral label: images x layers; empty where no picture has a label.</param>
internal sealed record LayerGoodness(float[] Labels, float[] Neutral)
{
    /// <summary>Of some of the images.</summary>
    /// <param name="all">How many images there are.</param>
    public LayerGoodness Part(int first, int count, int all) => new(Part(Labels, first, count, all), Part(Neutral, first, count, all));

    private static float[] Part(float[] values, int first, int count, int all) =>
        values[(values.Length / all * first)..(values.Length / all * (first + count))];
}
