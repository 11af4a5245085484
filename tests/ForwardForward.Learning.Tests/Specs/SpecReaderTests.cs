using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Specs;

public sealed class SpecReaderTests
{
    [Fact]
    public void Reads_comments_trailing_commas_and_names_in_any_case()
    {
        var spec = SpecReader.Parse(
            """
            {
              // a comment
              "Epochs": 3, /* another */
              "layers": [5, 6,],
              "optimizer": { "KIND": "Adam", },
            }
            """,
            "mine.json"
        );

        Assert.Equal(3, spec.Epochs);
        Assert.Equal([5, 6], spec.Layers);
        Assert.Equal(OptimizerKind.Adam, spec.Optimizer.Kind);
    }

    [Fact]
    public void Fields_that_are_not_given_keep_their_defaults()
    {
        var spec = SpecReader.Parse("""{ "optimizer": { "momentum": 0.5 } }""", "mine.json");

        Assert.Equal(SpecReader.Write(new() { Optimizer = new() { Momentum = 0.5 } }), SpecReader.Write(spec));
    }

    [Fact]
    public void A_spec_that_an_earlier_version_wrote_is_that_of_the_same_experiment()
    {
        var spec = Presets.Get("supervised");
        var earlier = System.Text.Json.Nodes.JsonNode.Parse(SpecReader.Write(spec))!.AsObject();
        earlier.Remove("images");

        Assert.True(SpecReader.AreEqual(earlier.ToJsonString(), SpecReader.Write(spec)));
        Assert.True(
            SpecReader.AreEqual(
                earlier.ToJsonString(),
                SpecReader.Write(spec with { Images = new() { Figures = FigurePlacement.Filling } })
            )
        );
        Assert.False(SpecReader.AreEqual(earlier.ToJsonString(), SpecReader.Write(spec with { Images = new() { Transposed = true } })));
        Assert.False(SpecReader.AreEqual(earlier.ToJsonString(), SpecReader.Write(spec with { Epochs = 1 })));
        Assert.False(SpecReader.AreEqual("no spec", SpecReader.Write(spec)));
    }

    [Fact]
    public void That_a_run_is_exact_is_written_only_where_it_is_not()
    {
        var exact = new ExperimentSpec();
        var other = SpecReader.Set(exact, ["exact=false"]);

        Assert.DoesNotContain("exact", SpecReader.Write(exact), StringComparison.Ordinal);
        Assert.Contains("\n  \"exact\": false,\n", SpecReader.Write(other), StringComparison.Ordinal);
        Assert.False(SpecReader.Parse(SpecReader.Write(other), "spec").Exact);
        Assert.Equal(SpecReader.Write(exact), SpecReader.Write(SpecReader.Set(other, ["exact=true"])));
        Assert.False(SpecReader.AreEqual(SpecReader.Write(exact), SpecReader.Write(other)));
    }

    [Fact]
    public void Fields_are_laid_over_the_preset_group_by_group()
    {
        var spec = SpecReader.Parse(
            """{ "$schema": "./spec.schema.json", "preset": "supervised-quick", "layers": [7], "negatives": { "kind": "random" } }""",
            "mine.json"
        );

        var quick = Presets.Get("supervised-quick");
        var expected = quick with { Layers = [7], Negatives = quick.Negatives with { Kind = NegativesKind.Random } };
        Assert.Equal(SpecReader.Write(expected), SpecReader.Write(spec));
    }

    [Fact]
    public void What_is_written_reads_back_as_the_same_spec()
    {
        var spec = new ExperimentSpec
        {
            Description = "brackets [ 1, 2 ], \"quotes\", ümlauts\nand lines",
            Layers = [1, 65536],
            Convolutions = [new() { Kernel = 5, Pool = Pooling.Average }, new()],
            Precision = Precision.Bf16,
            Goodness = new() { Temperature = 1e-6 },
            Optimizer = new() { Kind = OptimizerKind.Adam, LearningRate = 0.1 + 0.2 },
            Local = new() { Grid = [4, 3] },
        };

        var json = SpecReader.Write(spec);
        var back = SpecReader.Parse(json, "mine.json");

        Assert.Equal(json, SpecReader.Write(back));
        Assert.Equal(
            spec,
            back with
            {
                Layers = spec.Layers,
                Convolutions = spec.Convolutions,
                Shards = spec.Shards,
                Replicas = spec.Replicas,
                Local = spec.Local,
            }
        );
        Assert.Equal(spec.Layers, back.Layers);
        Assert.Equal(spec.Convolutions, back.Convolutions);
        Assert.Equal(spec.Local.Grid, back.Local.Grid);
    }

    [Fact]
    public void Lists_are_written_on_one_line_and_enums_in_camel_case()
    {
        var lines = SpecReader.Write(new()).Split('\n');

        Assert.Contains("  \"layers\": [2000, 2000, 2000, 2000],", lines);
        Assert.Contains("  \"precision\": \"auto\",", lines);
        Assert.Contains("    \"kind\": \"averagedGradient\",", lines);
    }

    [Theory]
    [InlineData("optimizer.learningRate=0.02", "\"learningRate\": 0.02,")]
    [InlineData("OPTIMIZER.LearningRate = 2e-2", "\"learningRate\": 0.02,")]
    [InlineData("layers=[500,400]", "\"layers\": [500, 400],")]
    [InlineData("layers=500,400", "\"layers\": [500, 400],")]
    [InlineData("layers=500", "\"layers\": [500],")]
    [InlineData("dataset=/data/a=b", "\"dataset\": \"/data/a=b\",")]
    [InlineData("dataset=123", "\"dataset\": \"123\",")]
    [InlineData("precision=BF16", "\"precision\": \"bf16\",")]
    [InlineData("negatives={\"kind\": \"random\"}", "\"kind\": \"random\",")]
    public void An_assignment_changes_its_field_alone(string assignment, string line)
    {
        var before = new ExperimentSpec();

        var after = SpecReader.Set(before, [assignment]);

        var changed = SpecReader.Write(after).Split('\n').Except(SpecReader.Write(before).Split('\n'));
        Assert.Equal([line], changed.Select(text => text.Trim()));
    }

    [Fact]
    public void Of_two_assignments_to_a_field_the_last_holds()
    {
        var spec = SpecReader.Set(new(), ["epochs=3", "negatives.lag=2", "epochs=4"]);

        Assert.Equal((4, 2), (spec.Epochs, spec.Negatives.Lag));
    }

    [Fact]
    public void Reads_a_file_and_names_it_in_errors()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """{ "epochs": 2 }""");
            Assert.Equal(2, SpecReader.ReadFile(path).Epochs);

            File.WriteAllText(path, """{ "epochs": 0 }""");
            var error = Assert.Throws<InvalidInputException>(() => SpecReader.ReadFile(path));
            Assert.Equal($"{path}: epochs is 0, expected a whole number from 1 to 100000.", error.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
