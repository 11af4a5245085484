using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Data;

namespace ForwardForward.Learning.Tests.Data;

/// <summary>Words of three digits, of which the middle one cannot be read alone in the test pictures.</summary>
public sealed class MnistWordsTests
{
    private const int Height = 2;
    private const int Width = 3;
    private const int Shade = 20;

    // Thirty pictures, three of each class, all pixels as bright as the class says.
    private static readonly DataSet Made = MnistWords.From(new DataSet("digits", Pictures(), Pictures(), 10));

    [Fact]
    public void A_training_picture_shows_a_word_and_its_label_is_the_digit_in_the_middle()
    {
        Assert.Equal((30, Height, 3 * Width, 10), (Made.Train.Count, Made.Train.Height, Made.Train.Width, Made.Classes));
        for (var picture = 0; picture < Made.Train.Count; picture++)
        {
            Assert.Equal(
                MnistWords.Of(Made.Train.Labels[picture]),
                Enumerable.Range(0, 3).Select(letter => Letter(Made.Train, picture, letter) / Shade)
            );
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(label => (byte)label), Made.Train.Labels.Distinct().Order());
    }

    [Fact]
    public void In_a_test_picture_the_middle_is_halfway_to_another_class_and_the_others_are_as_they_should_be()
    {
        for (var picture = 0; picture < Made.Test.Count; picture++)
        {
            var (word, middle) = (MnistWords.Of(Made.Test.Labels[picture]), Letter(Made.Test, picture, 1) / (Shade / 2));
            Assert.Equal((word[0], word[2]), (Letter(Made.Test, picture, 0) / Shade, Letter(Made.Test, picture, 2) / Shade));
            Assert.InRange(middle - word[1], 0, 9); // the sum of two classes
            Assert.NotEqual(2 * word[1], middle);
        }
    }

    [Fact]
    public void Words_differ_from_each_other_in_every_place_and_are_the_same_every_time()
    {
        for (var letter = 0; letter < 3; letter++)
        {
            Assert.Equal(10, Enumerable.Range(0, 10).Select(middle => MnistWords.Of(middle)[letter]).Distinct().Count());
        }

        Assert.Equal(Made.Test.Pixels, MnistWords.From(new DataSet("digits", Pictures(), Pictures(), 10)).Test.Pixels);
    }

    // All pixels of a letter are alike.
    private static int Letter(LabelledImages words, int picture, int letter) =>
        Assert.Single(
            Enumerable
                .Range(0, Height * Width)
                .Select(i => words.Pixels[(((picture * Height) + (i / Width)) * 3 * Width) + (letter * Width) + (i % Width)])
                .Distinct()
        );

    private static LabelledImages Pictures()
    {
        byte[] labels = [.. Enumerable.Range(0, 30).Select(image => (byte)(image % 10))];
        return new LabelledImages(
            30,
            Height,
            Width,
            [.. labels.SelectMany(label => Enumerable.Repeat((byte)(label * Shade), Height * Width))],
            labels
        );
    }
}
