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
    public void The_class_is_that_which_both_tests_favour_together(float[] probabilities, float[] goodness, int expected) =>
        Assert.Equal(expected, JointTest.Answer(probabilities, goodness));

    [Theory]
    [InlineData(new[] { 0.6f, 0.4f, 0f }, new[] { 1f, 2f, 1f })]
    [InlineData(new[] { 0.999f, 0.001f, 0f }, new[] { 1.9f, 2f, 0f })]
    [InlineData(new[] { 0f, 0f, 1f }, new[] { 1f, 0f, 0f })]
    [InlineData(new[] { 0.2f, 0.5f, 0.3f }, new[] { 7f, 7f, 7f })]
    [InlineData(new[] { 0.2f, 0.5f, 0.3f }, new[] { float.NaN, 7f, 7f })]
    public void Its_probabilities_add_up_to_one_and_the_greatest_is_that_of_the_class_it_answers(float[] probabilities, float[] goodness)
    {
        var joint = probabilities.ToArray();

        JointTest.Join(joint, goodness);

        Assert.Equal(1, joint.Sum(p => (double)p), 1e-6);
        Assert.All(joint, p => Assert.InRange(p, 0, 1));
        Assert.Equal(JointTest.Answer(probabilities, goodness), Array.IndexOf(joint, joint.Max()));
    }

    [Fact]
    public void Two_tests_that_agree_are_no_surer_together_than_each_alone()
    {
        float[] joint = [0.9f, 0.06f, 0.04f];

        JointTest.Join(joint, [2f, 1f, 1f]);

        Assert.InRange(joint[0], 0.9, 0.99);
    }

    [Fact]
    public void The_unit_of_goodness_does_not_matter()
    {
        float[] probabilities = [0.55f, 0.3f, 0.15f],
            goodness = [1f, 1.3f, 1.1f];

        Assert.Equal(
            JointTest.Answer(probabilities, goodness),
            JointTest.Answer(probabilities, [.. goodness.Select(one => (1000 * one) + 50)])
        );
    }
}
