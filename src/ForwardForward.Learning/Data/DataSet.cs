namespace ForwardForward.Learning.Data;

/// <summary>
/// Training and test images of one size. Label c is shown as pixel c of the image, so there are at least as many pixels as classes.
/// </summary>
/// <param name="Name">A known name, or the folder as it was given.</param>
/// <param name="Classes">Highest label of both parts + 1: 2 to 255.</param>
internal sealed record DataSet(string Name, LabelledImages Train, LabelledImages Test, int Classes)
{
    public const int MaxClasses = 255;

    private readonly Lazy<string> _sha256 = new(() => DataDigest.Of(Train, Test));

    /// <summary>
    /// Of all its images and labels, in hexadecimal: the same however its files are named or packed, and another wherever a pixel or a
    /// label is. Of the whole also where the set is cut to a part.
    /// </summary>
    public string Sha256 => _sha256.Value;

    /// <summary>Counts the classes and checks that both parts fit together.</summary>
    /// <exception cref="InvalidInputException">Sizes differ, or there are too few or too many classes.</exception>
    public static DataSet Of(string name, LabelledImages train, LabelledImages test)
    {
        var classes = Math.Max(train.Labels.Max(), test.Labels.Max()) + 1;
        if ((train.Height, train.Width) != (test.Height, test.Width))
        {
            throw new InvalidInputException(
                $"{name} has training images of {train.Height} x {train.Width} pixels and test images of {test.Height} x "
                    + $"{test.Width}, expected one size."
            );
        }

        if (classes < 2)
        {
            throw new InvalidInputException(
                $"{name} has the label 0 alone, expected at least two classes, since a negative row needs a wrong label."
            );
        }

        if (classes > MaxClasses)
        {
            throw new InvalidInputException($"{name} has the label {classes - 1}, expected labels from 0 to {MaxClasses - 1}.");
        }

        if (train.PixelsPerImage < classes)
        {
            throw new InvalidInputException(
                $"{name} has {classes} classes and images of {train.PixelsPerImage} pixels, "
                    + $"expected at least as many pixels as classes because the label takes the first {classes} pixels."
            );
        }

        return new DataSet(name, train, test, classes);
    }
}
