namespace ForwardForward.Learning.Tests.Specs;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("lerningRate", "learningRate")]
    [InlineData("leraningRate", "learningRate")]
    [InlineData("EPOCHS", "epochs")]
    [InlineData("epoch", "epochs")]
    [InlineData("epohcs", "epochs")]
    [InlineData("lga", "lag")]
    [InlineData("width", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void Finds_the_name_that_few_edits_lead_to(string word, string? nearest)
    {
        Assert.Equal(nearest, Suggestion.Nearest(word, ["learningRate", "epochs", "lag"]));
    }

    [Fact]
    public void The_nearest_wins_over_the_first() => Assert.Equal("epochs", Suggestion.Nearest("epoch", ["echo", "epochs"]));

    [Fact]
    public void Ends_a_sentence_with_or_without_a_guess()
    {
        Assert.Equal("; did you mean 'lag'?", Suggestion.Ending("lagg", ["lag"]));
        Assert.Equal(".", Suggestion.Ending("speed", ["lag"]));
    }
}
