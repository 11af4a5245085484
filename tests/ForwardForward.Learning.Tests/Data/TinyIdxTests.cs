using ForwardForward.Chaos;
using ForwardForward.Learning.Data;

namespace ForwardForward.Learning.Tests.Data;

public sealed class TinyIdxTests
{
    [Theory]
    [InlineData(8, 4)]
    [InlineData(5, 12)]
    public void A_class_is_known_by_its_bright_pixels(int side, int classes)
    {
        using var folder = new TemporaryFolder();
        var test = IdxFolder.Read("tiny", TinyIdx.Write(folder.Root, side: side, classes: classes)).Test;
        var run = Math.Max(1, ((side * side) - classes) / classes);

        for (var i = 0; i < test.Count; i++)
        {
            var image = test.Pixels.AsSpan(i * test.PixelsPerImage, test.PixelsPerImage).ToArray();
            Assert.Equal(classes + (test.Labels[i] * run), Array.FindIndex(image, p => p >= 150));
            Assert.Equal(run, image.Count(p => p >= 150));
        }
    }
}
