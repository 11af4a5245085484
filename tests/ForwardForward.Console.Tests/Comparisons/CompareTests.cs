using System.Text.Json;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Tests.Comparisons;

/// <summary>Runs beside each other, as a program and a person read it.</summary>
public sealed class CompareTests : Workplace
{
    private readonly FinishedRuns _runs;

    public CompareTests() => _runs = new FinishedRuns(At("runs"));

    [Fact]
    public async Task A_program_reads_the_fields_in_which_runs_differ_and_what_each_came_to()
    {
        var slow = await Train("--reference", "--json", "--name", "slow", "--set", "optimizer.learningRate=0.01");
        var fast = await Train("--reference", "--json", "--name", "fast", "--set", "layers=12,8", "--set", "optimizer.learningRate=0.03");

        var compared = await Run("compare", "slow", "runs/fast", "--json");

        Assert.Equal((0, ""), (compared.ExitCode, compared.Error));
        Assert.Equal(["fields", "runs"], compared.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal("[[16,16],[12,8]]", compared.Json.GetProperty("fields").GetProperty("layers").GetRawText());
        Assert.Equal(
            [0.01, 0.03],
            compared.Json.GetProperty("fields").GetProperty("optimizer.learningRate").EnumerateArray().Select(value => value.GetDouble())
        );
        Assert.Equal(2, compared.Json.GetProperty("fields").EnumerateObject().Count());
        foreach (var (trained, run) in new[] { slow, fast }.Zip(compared.Json.GetProperty("runs").EnumerateArray()))
        {
            Assert.Equal(
                ["run", "testErrorFast", "testErrorGoodness", "seconds", "stateHash"],
                run.EnumerateObject().Select(property => property.Name)
            );
            Assert.All(
                run.EnumerateObject(),
                property => Assert.True(JsonElement.DeepEquals(trained.Json.GetProperty(property.Name), property.Value), property.Name)
            );
        }
    }

    [Fact]
    public async Task Every_field_that_is_shown_can_be_set()
    {
        _runs.Add("plain", [0.5]);
        _runs.Add(
            "other",
            [0.4],
            "description=another",
            "goodness.kind=swish",
            "shards=2,1",
            "recipe=supervised",
            "images.transposed=true",
            "start.weights=a file"
        );

        var compared = await Run("compare", "plain", "other", "--json");

        var fields = compared.Json.GetProperty("fields").EnumerateObject().ToList();
        Assert.Equal(6, fields.Count);
        var again = SpecReader.Set(
            SpecReader.ReadFile(At("runs", "plain", "spec.json")),
            fields.Select(field => $"{field.Name}={field.Value[1].GetRawText().Trim('"')}")
        );
        Assert.Equal(await File.ReadAllTextAsync(At("runs", "other", "spec.json")), SpecReader.Write(again));
    }

    [Fact]
    public async Task A_person_reads_fields_curves_and_errors_in_lines_of_a_terminal_without_colours()
    {
        _runs.Add("slow", [0.5, 0.25, 0.2]);
        _runs.Add("fast", [0.4, 0.1, 0.05], "optimizer.learningRate=0.04", "shards=2,1");

        var compared = await Run("compare", "slow", "fast");

        Assert.Equal((0, ""), (compared.ExitCode, compared.Error));
        var lines = compared.Output.Split('\n');
        Assert.Equal(["A  slow", "B  fast", ""], lines[..3]);
        Assert.Matches(
            @"^optimizer.learningRate  \S+ +0.04$",
            lines.Single(line => line.StartsWith("optimizer", StringComparison.Ordinal))
        );
        Assert.Matches(@"^shards  +\[\] +2,1$", lines.Single(line => line.StartsWith("shards", StringComparison.Ordinal)));
        var chart = lines
            .Where(line => line.Contains('│', StringComparison.Ordinal) || line.Contains('─', StringComparison.Ordinal))
            .ToList();
        Assert.All(chart, line => Assert.InRange(line.Length, 1, 60));
        Assert.Equal((3, 3), (chart.Sum(line => line.Count(c => c == 'A')), chart.Sum(line => line.Count(c => c == 'B'))));
        Assert.Contains("A  slow  20.00 %      -                   4.5 s", lines);
        Assert.DoesNotContain('\u001b', compared.Output);
    }

    [Fact]
    public async Task Convolutions_are_told_as_JSON_below_each_other()
    {
        _runs.Add("dense", [0.5]);
        _runs.Add("local", [0.4], """convolutions=[{"kernel":3},{"kernel":5}]""");

        var compared = await Run("compare", "dense", "local");

        var lines = compared.Output.Split('\n');
        var field = Array.IndexOf(lines, "convolutions");
        Assert.Equal("   A  []", lines[field + 1]);
        Assert.StartsWith("   B  [{\"kernel\":3,", lines[field + 2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_judged_by_the_spread_of_their_seeds()
    {
        _runs.Add("a1", [0.10]);
        _runs.Add("a2", [0.12], "seed=2");
        _runs.Add("b1", [0.14], "epochs=4");
        _runs.Add("b2", [0.18], "epochs=4", "seed=2");
        _runs.Add("c1", [0.121], "epochs=5");
        _runs.Add("d1", [0.2], "epochs=6");

        var compared = await Run("compare", "a1", "b1", "a2", "b2", "c1", "d1");

        Assert.Contains("1        A C   2      11.00 % ± 1.41 (2)  -", compared.Output, StringComparison.Ordinal);
        Assert.Contains("2        B D   2      16.00 % ± 2.83 (2)  -", compared.Output, StringComparison.Ordinal);
        Assert.Contains("3        E     1      12.10 % (1)         -", compared.Output, StringComparison.Ordinal);
        Assert.Contains(
            "1 and 2   fast  5.00           2.24    more than the spread, 2.2 times it",
            compared.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("1 and 3   fast  1.10           1.41    not more than the spread", compared.Output, StringComparison.Ordinal);
        Assert.Contains(" One seed each says nothing of the spread: such pairs are left out.\n", compared.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("3 and 4", compared.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_seed_each_says_nothing_of_the_spread()
    {
        _runs.Add("one", [0.10]);
        _runs.Add("other", [0.14], "epochs=4");

        var compared = await Run("compare", "one", "other");

        Assert.EndsWith(
            "\n\nOne seed each says nothing of the spread: more seeds tell whether the settings differ by more than that.\n",
            compared.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_the_numbers_do_not_say_is_said_beside_them()
    {
        _runs.Add("first", [0.1, 0.1, 0.1]);
        _runs.Add("copy", [0.1, 0.1, 0.1], summary => summary with { StateHash = "hash of first" });
        _runs.Add("held", [0.1, 0.1, 0.1], "holdOut=20");
        _runs.Add("other", [0.1, 0.1, 0.1], "datasetSha256=22");
        _runs.Add("begun", [0.4], summary => summary with { State = "interrupted", StateHash = null }, "epochs=9");

        var people = await Run("compare", "first", "copy", "held", "other", "begun");
        var program = await Run("compare", "first", "copy", "held", "other", "begun", "--json");

        string[] notes =
        [
            "The runs are of other data, first, copy, held, begun of tiny (11...), other of tiny (22...): their errors cannot be held "
                + "against each other.",
            "The runs have other tests, first, copy, other, begun on all test images; held on 20 training images that were held out: "
                + "small differences of their errors may be those of the tests.",
            "begun is not done (interrupted, epoch 1 of 9): its numbers are those it had then.",
            "copy has the spec and the seed of first and ended in its bytes: the mean has the first of them only.",
        ];
        Assert.All(notes, note => Assert.Contains(note + "\n", people.Output, StringComparison.Ordinal));
        Assert.Equal((0, 0), (people.ExitCode, program.ExitCode));
        Assert.Equal(notes, program.Error.TrimEnd().Split('\n'));
        Assert.Equal(5, program.Json.GetProperty("runs").GetArrayLength());
    }

    [Theory]
    [InlineData("one", "'one' is one run, expected 2 to 52 to compare.")]
    [InlineData("one two one", "The run 'one' is given twice, expected different runs.")]
    [InlineData("one runs/one/", "The run 'one' is given twice, expected different runs.")]
    [InlineData("one tow", "There is no run 'tow' in runs; did you mean 'two'?")]
    [InlineData("one torn", "runs/torn/spec.json, line 1: the text is not valid JSON")]
    public async Task Runs_that_cannot_be_compared_are_refused_with_one_sentence(string runs, string sentence)
    {
        _runs.Add("one", [0.1]);
        _runs.Add("two", [0.1]);
        _runs.Add("torn", [0.1]);
        await File.WriteAllTextAsync(At("runs", "torn", "spec.json"), "{");

        var refused = await Run(["compare", .. runs.Split(' '), "-o", "page.html"]);

        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.Contains(sentence, Assert.Single(refused.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(At("page.html")));
    }
}
