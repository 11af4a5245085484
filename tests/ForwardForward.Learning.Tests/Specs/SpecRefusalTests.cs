using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Specs;

public sealed class SpecRefusalTests
{
    [Theory]
    [InlineData("""{ "epochs": -1 }""", "epochs is -1, expected a whole number from 1 to 100000.")]
    [InlineData("""{ "epochs": 0 }""", "epochs is 0, expected a whole number from 1 to 100000.")]
    [InlineData("""{ "epochs": 1.5 }""", "epochs is 1.5, expected a whole number from 1 to 100000.")]
    [InlineData("""{ "epochs": 99999999999 }""", "epochs is 99999999999, expected a whole number from 1 to 100000.")]
    [InlineData("""{ "epochs": "3" }""", "epochs is \"3\", expected a whole number from 1 to 100000.")]
    [InlineData("""{ "epochs": null }""", "epochs is null, expected a whole number from 1 to 100000.")]
    [InlineData("""{ "dataset": 3 }""", "dataset is 3, expected a text of at most 4096 characters.")]
    [InlineData("""{ "layers": [] }""", "layers is [], expected a list of 1 to 64 whole numbers from 1 to 65536.")]
    [InlineData("""{ "layers": 500 }""", "layers is 500, expected a list of 1 to 64 whole numbers from 1 to 65536.")]
    [InlineData("""{ "layers": [500, 0] }""", "layers[1] is 0, expected a whole number from 1 to 65536.")]
    [InlineData("""{ "layers": [65537] }""", "layers[0] is 65537, expected a whole number from 1 to 65536.")]
    [InlineData("""{ "optimizer": { "learningRate": 1e999 } }""", "optimizer.learningRate is 1e999, expected a number from 0 to 10.")]
    [InlineData("""{ "optimizer": { "learningRate": "NaN" } }""", "optimizer.learningRate is \"NaN\", expected a number from 0 to 10.")]
    [InlineData("""{ "optimizer": { "learningRate": 10.5 } }""", "optimizer.learningRate is 10.5, expected a number from 0 to 10.")]
    [InlineData(
        """{ "goodness": 1 }""",
        "goodness is 1, expected an object with the fields kind, thresholdPerUnit, temperature, contrast, "
            + "contrastFeatures, contrastFirstTemperature, contrastTemperature, contrastFallShare, contrastLastTemperature."
    )]
    [InlineData(
        """{ "negatives": { "kind": "hrad" } }""",
        "negatives.kind is \"hrad\", expected one of hard, random, hybrid; did you mean 'hard'?"
    )]
    [InlineData("""{ "precision": "int4" }""", "precision is \"int4\", expected one of auto, fp32, bf16, portable.")]
    [InlineData("""{ "precision": 1 }""", "precision is 1, expected one of auto, fp32, bf16, portable.")]
    [InlineData("""{ "precision": "auto, bf16" }""", "precision is \"auto, bf16\", expected one of auto, fp32, bf16, portable.")]
    [InlineData("""{ "seed": 1, "Seed": 2 }""", "Seed is given twice, expected once.")]
    [InlineData("""{ "optimizer": { "kind": "adam", "kind": "adam" } }""", "optimizer.kind is given twice, expected once.")]
    [InlineData("""{ "optimizer": { "lerningRate": 1 } }""", "there is no field 'optimizer.lerningRate'; did you mean 'learningRate'?")]
    [InlineData("""{ "learningRate": 1 }""", "there is no field 'learningRate'; did you mean 'optimizer.learningRate'?")]
    [InlineData("""{ "negatives": { "preset": 1 } }""", "there is no field 'negatives.preset'; expected one of kind, lag, blurs.")]
    [InlineData("""{ "dataset": "\ud800" }""", "a text has half a character (a lone \\uD800 to \\uDFFF), expected Unicode.")]
    [InlineData(
        """{ "\ud800reset": "topdown", "epochs": 2 }""",
        "a text has half a character (a lone \\uD800 to \\uDFFF), expected Unicode."
    )]
    [InlineData("""{ "layers": [{ "\udc00": 1 }] }""", "a text has half a character (a lone \\uD800 to \\uDFFF), expected Unicode.")]
    public void Names_the_field_the_value_and_what_was_expected(string json, string sentence)
    {
        var error = Assert.Throws<InvalidInputException>(() => SpecReader.Parse(json, "mine.json"));

        Assert.Equal($"mine.json: {sentence}", error.Message);
    }

    [Fact]
    public void Refuses_a_spec_that_is_no_object()
    {
        var error = Assert.Throws<InvalidInputException>(() => SpecReader.Parse("[1]", "mine.json"));

        Assert.StartsWith("mine.json: the spec is [1], expected an object with the fields", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    public void Refuses_an_empty_text(string json)
    {
        var error = Assert.Throws<InvalidInputException>(() => SpecReader.Parse(json, "mine.json"));

        Assert.Equal("mine.json: the text is empty, expected a JSON object.", error.Message);
    }

    [Theory]
    [InlineData("{ \"a\\nb\": 1 }")]
    [InlineData("{ \"epochs\": [1,\r\n2] }")]
    [InlineData("{ \"epochs\": \"1\\n2\" }")]
    [InlineData("{ \"epochs\": 1,\n  never\n\": 1 }")]
    [InlineData("{ \"goodness\": { \"a\n  b\n c\": 1 } }")]
    public void A_refusal_stays_on_one_line(string json)
    {
        var error = Assert.Throws<InvalidInputException>(() => SpecReader.Parse(json, "mine.json"));

        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Refuses_a_path_without_end()
    {
        var error = Assert.Throws<InvalidInputException>(() =>
            SpecReader.Set(new ExperimentSpec(), [string.Concat(Enumerable.Repeat("a.", 1000)) + "b=1"])
        );

        Assert.Equal(
            $"--set: there is no field '{string.Concat(Enumerable.Repeat("a.", 30))}...', expected a path as in optimizer.learningRate.",
            error.Message
        );
    }

    [Fact]
    public void Refuses_a_text_and_a_file_without_end()
    {
        var text = Assert.Throws<InvalidInputException>(() =>
            SpecReader.Parse($$"""{ "description": "{{new string('x', 5000)}}" }""", "mine.json")
        );
        var path = Path.GetTempFileName();
        File.WriteAllText(path, new string(' ', 2_000_000));
        var file = Assert.Throws<InvalidInputException>(() => SpecReader.ReadFile(path));
        File.Delete(path);

        Assert.EndsWith("expected a text of at most 4096 characters.", text.Message, StringComparison.Ordinal);
        Assert.Equal($"{path} has 2000000 bytes, expected a spec of at most 1048576.", file.Message);
    }

    [Fact]
    public void Shows_the_beginning_of_a_long_value()
    {
        var json = $$"""{ "epochs": "{{new string('x', 1000)}}" }""";

        var error = Assert.Throws<InvalidInputException>(() => SpecReader.Parse(json, "mine.json"));

        Assert.Equal($"mine.json: epochs is \"{new string('x', 59)}..., expected a whole number from 1 to 100000.", error.Message);
    }

    [Theory]
    [InlineData("{\n  \"epochs\": 3\n  \"seed\": 1\n}", 3)]
    [InlineData("{\n  \"optimizer\": { \"learningRate\": NaN }\n}", 2)]
    [InlineData("{\n  \"optimizer\": { \"learningRate\": -Infinity }\n}", 2)]
    [InlineData("{\n  \"epochs\": 3,\n", 3)]
    [InlineData("// nothing\n", 2)]
    public void Names_the_line_of_a_syntax_error(string json, int line)
    {
        var error = Assert.Throws<InvalidInputException>(() => SpecReader.Parse(json, "mine.json"));

        Assert.StartsWith($"mine.json, line {line}: the text is not valid JSON, ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("BytePosition", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("optimizer.learningRate=NaN", "--set: optimizer.learningRate is \"NaN\", expected a number from 0 to 10.")]
    [InlineData("optimizer.learningRate=-Infinity", "--set: optimizer.learningRate is \"-Infinity\", expected a number from 0 to 10.")]
    [InlineData("optimizer.learningRate=1e999", "--set: optimizer.learningRate is 1e999, expected a number from 0 to 10.")]
    [InlineData("optimizer.learningRate=", "--set: optimizer.learningRate is \"\", expected a number from 0 to 10.")]
    [InlineData("epochs=-1", "--set: epochs is -1, expected a whole number from 1 to 100000.")]
    [InlineData("epochs=null", "--set: epochs is \"null\", expected a whole number from 1 to 100000.")]
    [InlineData("layers=", "--set: layers is [], expected a list of 1 to 64 whole numbers from 1 to 65536.")]
    [InlineData("layers=500,many", "--set: layers is \"500,many\", expected a list of 1 to 64 whole numbers from 1 to 65536.")]
    [InlineData("negatives.kind=soft", "--set: negatives.kind is \"soft\", expected one of hard, random, hybrid.")]
    [InlineData(
        "optimizer=adam",
        "--set: optimizer is \"adam\", expected an object with the fields kind, learningRate, schedule, finalShare, clip, "
            + "weightDecay, momentum, secondMomentum."
    )]
    [InlineData("optimizer={\"kind\":\"adam\",\"kind\":\"adam\"}", "--set: optimizer.kind is given twice, expected once.")]
    [InlineData("epoch=3", "--set: there is no field 'epoch'; did you mean 'epochs'?")]
    [InlineData("optimizer.lerningRate=3", "--set: there is no field 'optimizer.lerningRate'; did you mean 'learningRate'?")]
    [InlineData("optimiser.learningRate=3", "--set: there is no field 'optimiser'; did you mean 'optimizer'?")]
    [InlineData("epochs.x=3", "--set: epochs is {\"x\":\"3\"}, expected a whole number from 1 to 100000.")]
    [InlineData("epochs", "--set: 'epochs' assigns nothing, expected path=value as in optimizer.learningRate=0.02.")]
    [InlineData("=3", "--set: '=3' assigns nothing, expected path=value as in optimizer.learningRate=0.02.")]
    public void Refuses_an_assignment_that_does_not_fit(string assignment, string sentence)
    {
        var error = Assert.Throws<InvalidInputException>(() => SpecReader.Set(new(), [assignment]));

        Assert.Equal(sentence, error.Message);
    }

    public static TheoryData<ExperimentSpec, string> Unfit =>
        new()
        {
            {
                new() { Layers = [] },
                "layers is []"
            },
            {
                new() { Epochs = -3 },
                "epochs is -3"
            },
            {
                new() { Optimizer = new() { LearningRate = double.NaN } },
                "optimizer.learningRate is \"NaN\""
            },
            {
                new() { Goodness = new() { Temperature = double.PositiveInfinity } },
                "goodness.temperature is \"Infinity\""
            },
            {
                new() { Precision = (Precision)7 },
                "precision is 7"
            },
            {
                new() { Negatives = null! },
                "negatives is null"
            },
        };

    [Theory]
    [MemberData(nameof(Unfit), DisableDiscoveryEnumeration = true)]
    public void Refuses_a_spec_made_in_code_that_is_out_of_range(ExperimentSpec spec, string sentence)
    {
        var error = Assert.Throws<InvalidInputException>(() => SpecReader.Validate(spec, "train"));

        Assert.StartsWith($"train: {sentence}, expected ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no/such/file.json")]
    [InlineData(".")]
    public void Refuses_a_file_that_is_not_there(string path)
    {
        var error = Assert.Throws<InvalidInputException>(() => SpecReader.ReadFile(path));

        Assert.Equal($"{path}: there is no such file, expected a spec in JSON.", error.Message);
    }
}
