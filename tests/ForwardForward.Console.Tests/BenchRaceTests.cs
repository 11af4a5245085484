using System.Globalization;

namespace ForwardForward.Console.Tests;

/// <summary>The race of Forward-Forward against backpropagation, over a distance that both run in a blink.</summary>
public sealed class BenchRaceTests : Workplace
{
    private static readonly string[] Short =
    [
        "--data",
        "tiny",
        "--set-ff",
        "layers=16,16",
        "--set-ff",
        "epochs=3",
        "--set-ff",
        "batchSize=20",
        "--set-ff",
        "precision=fp32",
        "--set-bp",
        "layers=16",
        "--set-bp",
        "epochs=3",
        "--set-bp",
        "batchSize=20",
        "--set-bp",
        "precision=fp32",
        "--set-bp",
        "optimizer.learningRate=0", // never gets anywhere
    ];

    [Fact]
    public async Task A_race_says_when_each_came_to_an_error_and_that_one_was_not_reached()
    {
        var raced = await Run(["bench", "race", "--seeds", "2", "--errors", "99,5", "--picture", "race.svg", "--json", .. Short]);

        Assert.True(raced.ExitCode == 0, raced.Error);
        var rows = raced.Json.EnumerateArray().ToList();
        var (easy, hard) = (rows[0], rows[1]);
        Assert.Equal(["tiny", "tiny"], rows.Select(row => row.GetProperty("dataset").GetString()));
        Assert.Equal([0.99, 0.05], rows.Select(row => row.GetProperty("error").GetDouble()));
        var (ff, bp) = (easy.GetProperty("ff"), easy.GetProperty("bp"));
        Assert.Equal(("supervised-fast", 2), (ff.GetProperty("preset").GetString(), ff.GetProperty("seeds").GetInt32()));
        Assert.Equal(("bp-mlp", 2), (bp.GetProperty("preset").GetString(), bp.GetProperty("seeds").GetInt32()));
        Assert.Equal(
            ff.GetProperty("seconds").GetDouble() / bp.GetProperty("seconds").GetDouble(),
            easy.GetProperty("ratio").GetDouble(),
            1e-9
        );
        Assert.True(bp.GetProperty("matrixRateShare").GetDouble() > 0);
        Assert.True(bp.GetProperty("peakBytes").GetInt64() > 0);
        Assert.Equal("", hard.GetProperty("bp").GetProperty("seconds").ToString());
        Assert.Equal("", hard.GetProperty("ratio").ToString());
        Assert.Equal(4, raced.Error.Split('\n').Count(line => line.Contains("at best", StringComparison.Ordinal)));
        Assert.Contains("<svg", await File.ReadAllTextAsync(At("race.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_get_a_table()
    {
        var raced = await Run(["bench", "race", "--seeds", "1", "--errors", "99", .. Short]);

        Assert.True(raced.ExitCode == 0, raced.Error);
        var lines = raced.Output.TrimEnd().Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.Matches(@"^seconds of training to, one seed +supervised-fast +bp-mlp +ratio$", lines[0]);
        Assert.Matches(@"^99.00 % +\d+ +\d+ +\S+$", lines[1]);
        var least = lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^3..];
        Assert.True(double.Parse(least[0], CultureInfo.InvariantCulture) < double.Parse(least[1], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("--errors is '1.5,x', expected per cent from 0 to 100 as in 1.5,1.4.", "--errors", "1.5,x")]
    [InlineData("--errors is '0', expected per cent from 0 to 100 as in 1.5,1.4.", "--errors", "0")]
    [InlineData("--ff is 'bp-mlp', which learns by backpropagation, expected a preset that learns by Forward-Forward.", "--ff", "bp-mlp")]
    [InlineData("--bp is 'supervised', which learns by Forward-Forward, expected a preset that learns by", "--bp", "supervised")]
    [InlineData("there is no preset 'bp-mpl'", "--bp", "bp-mpl")]
    public async Task What_cannot_race_is_refused_with_one_sentence(string sentence, params string[] arguments)
    {
        var refused = await Run(["bench", "race", .. Short, .. arguments]);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.Trim().Split('\n'));
    }
}
