using ForwardForward.Learning.Predictions;

namespace ForwardForward.Learning.Tests.Predictions;

public sealed class JointTestTests
{
    [Theory]
    [InlineData(new[] { 0.6f, 0.4f, 0f }, new[] { 1f, 2f, 1f }, 1)] // goodness is sure, the readout is not
    [InlineData(new[] { 0.999f, 0.001f, 0f }, new[] { 1.9f, 2f, 0f }, 0)] // the other way round
    [InlineData(new[] { 0.2f, 0.5f, 0.3f }, new[] { 7f, 7f, 7f }, 1)] // goodness says nothing
    [InlineData(new[] { 0.25f, 0.25f, 0.25f }, new[] { 5f, 6f, 8f }, 2)] // the readout says nothing
    [InlineData(new[] { 0.5f, 0.5f, 0f }, new[] { 3f, 3f, 0f }, 0)] // the first of equals
    public void The_class_is_that_which_both_tests_favour_together(float[] probabilities, float[] goodness, int expected) => Assert.Equal(expected, JointTest.Answer(probabilities, goodness));

    [Fact]
    public void The_unit_of_goodness_does_not_matter()
    {
        float[] probabilities = [0.55f, 0.3f, 0.15f], goodness = [1f, 1.3f, 1.1f];

        Assert.Equal(JointTest.Answer(probabilities, goodness), JointTest.Answer(probabilities, [.. goodness.Select(one => (1000 * one) + 50)]));
    }
}
