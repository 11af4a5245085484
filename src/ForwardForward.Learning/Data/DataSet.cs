namespace ForwardForward.Learning.Data;

/// <summary>
/// Training and test images of one size. Label c is shown as pixel c of the image, so there are at least as many pixels as classes.
/// </summary>
/// <param name="Name">A known name, or the folder as it was given.</param>
/// <param name="Classes">Highest label of both parts + 1: 2 to 255.</param>
internal sealed record DataSet(string Name, LabelledImages Train, LabelledImages Test, int Classes)
{
    public const int MaxClasses = 255;

    /// <summary>Of every class in turn; null where they have none. No name has a slash in it.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    private readonly Lazy<string> _sha256 = new(() => DataDigest.Of(Train, Test));

    /// <summary>
    /// Of all its images and labels, in hexadecimal: the same however its files are named or packed, and another wherever a pixel or a
    /// label is. Of the whole also where the set is cut to a part.
    /// </summary>
    public string Sha256 => _sha256.Value;

    /// <summary>Counts the classes and checks that both parts fit together.</summary>
    /// <param name="classNames">Of every class that there may be; null: classes have no names, and the highest label counts them.</param>
    /// <param name="classes">How many classes there may be where they have no names; null: the highest label counts them.</param>
    /// <exception cref="InvalidInputException">Sizes or channels differ, or there are too few or too many classes.</exception>
    public static DataSet Of(
        string name,
        LabelledImages train,
        LabelledImages test,
        IReadOnlyList<string>? classNames = null,
        int? classes = null
    )
    {
        var count = classNames?.Count ?? classes ?? Math.Max(train.Labels.Max(), test.Labels.Max()) + 1;
        RequireFit(name, train, test, count);
        if (classNames?.FirstOrDefault(one => one.Contains(Data.ClassNames.Between)) is { } strange)
        {
            throw new InvalidInputException($"{name} has a class called '{strange}', expected names of classes without a slash.");
        }

        return new DataSet(name, train, test, count) { ClassNames = classNames };
    }

    private static void RequireFit(string name, LabelledImages train, LabelledImages test, int classes)
    {
        if ((train.Height, train.Width) != (test.Height, test.Width))
        {
            throw new InvalidInputException(
                $"{name} has training images of {train.Height} x {train.Width} pixels and test images of {test.Height} x "
                    + $"{test.Width}, expected one size."
            );
        }

        if (train.Channels != test.Channels)
        {
            throw new InvalidInputException(
                $"{name} has training images of {train.Channels} and test images of {test.Channels} numbers for each pixel, "
                    + "expected as many: one where they are grey, three where they have colours."
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
    }
}
