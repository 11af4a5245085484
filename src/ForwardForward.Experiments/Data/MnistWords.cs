using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;

namespace ForwardForward.Experiments.Data;

/// <summary>
/// Three digits side by side, from ten words that differ in every place; the label is the digit in the middle. In the test pictures that
/// one is halfway between its class and another, so that it can only be read from the word around it: the letter that cannot be read alone,
/// of Hinton's talk.
/// </summary>
internal static class MnistWords
{
    public const string Name = "mnist-words";
    public const string Digits = "mnist";
    public const string Description =
        "three of mnist's digits side by side, the one in the middle to be told, 10 classes, 20000 + 2000 images of 28 x 84";
    private const int TrainPictures = 20_000;
    private const int TestPictures = 2_000;
    private const int Letters = 3;

    /// <summary>The word with this digit in the middle.</summary>
    public static int[] Of(int middle) => [((3 * middle) + 1) % 10, middle, ((7 * middle) + 4) % 10];

    /// <summary>Pictures of words, three digits wide; the same ones every time.</summary>
    /// <param name="digits">Ten classes.</param>
    public static DataSet From(DataSet digits) =>
        DataSet.Of(
            Name,
            Pictures(digits.Train, Math.Min(TrainPictures, digits.Train.Count), isBlended: false, part: 0),
            Pictures(digits.Test, Math.Min(TestPictures, digits.Test.Count), isBlended: true, part: 1)
        );

    private static LabelledImages Pictures(LabelledImages digits, int count, bool isBlended, int part)
    {
        var ofClass = Enumerable.Range(0, digits.Count).ToLookup(image => digits.Labels[image]);
        var images = Enumerable.Range(0, 10).Select(label => ofClass[(byte)label].ToArray()).ToArray();
        int height = digits.Height,
            width = digits.Width;
        var (pixels, labels) = (new byte[count * Letters * digits.PixelsPerImage], new byte[count]);
        for (var picture = 0; picture < count; picture++)
        {
            var random = new KeyedRandom(0, RandomPurpose.Words, part, picture);
            var middle = labels[picture] = (byte)(picture % 10);
            var word = Of(middle);
            for (var letter = 0; letter < Letters; letter++)
            {
                var image = One(images[word[letter]], ref random);
                var other = isBlended && letter == Letters / 2 ? One(images[(middle + 1 + random.NextInt32(9)) % 10], ref random) : image;
                for (var i = 0; i < digits.PixelsPerImage; i++)
                {
                    var at = (((picture * height) + (i / width)) * Letters * width) + (letter * width) + (i % width);
                    pixels[at] = (byte)(
                        (digits.Pixels[(image * digits.PixelsPerImage) + i] + digits.Pixels[(other * digits.PixelsPerImage) + i]) / 2
                    );
                }
            }
        }

        return new LabelledImages(count, height, Letters * width, pixels, labels);
    }

    private static int One(int[] images, ref KeyedRandom random) => images[random.NextInt32(images.Length)];
}
