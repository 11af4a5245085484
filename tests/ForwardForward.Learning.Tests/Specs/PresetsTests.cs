using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Specs;

public sealed class PresetsTests
{
    public static TheoryData<string> Names => new(Presets.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_preset_reads_describes_itself_and_reads_back(string name)
    {
        var spec = Presets.Get(name);

        Assert.NotEmpty(spec.Description);
        Assert.Equal(SpecReader.Write(spec), SpecReader.Write(SpecReader.Parse(SpecReader.Write(spec), "written")));
        Assert.Equal(SpecReader.Write(spec), SpecReader.Write(SpecReader.Parse(Presets.Json(name), "embedded")));
    }

    [Fact]
    public void All_lists_the_published_experiment_and_its_quick_variant()
    {
        Assert.Equal(Presets.Names, Presets.All.Select(preset => preset.Name));
        Assert.All(Presets.All, preset => Assert.Equal(preset.Spec.Description, preset.Description));
        Assert.Equal([2000, 2000, 2000, 2000], Presets.Get("supervised").Layers);
        Assert.Equal(10, Presets.Get("Supervised-Quick").Epochs);
    }

    [Fact]
    public void Refuses_an_unknown_preset_with_the_nearest_and_all_names()
    {
        var error = Assert.Throws<InvalidInputException>(() => Presets.Get("supervized"));

        Assert.Equal(
            $"there is no preset 'supervized', expected one of {string.Join(", ", Presets.Names)}; did you mean 'supervised'?",
            error.Message
        );
        Assert.Throws<InvalidInputException>(() => Presets.Json(""));
    }

    [Fact]
    public void A_file_that_builds_on_an_unknown_preset_is_refused_by_its_name()
    {
        var error = Assert.Throws<InvalidInputException>(() => SpecReader.Parse("""{ "preset": "supervized" }""", "mine.json"));

        Assert.Equal(
            $"mine.json: preset is \"supervized\", expected one of {string.Join(", ", Presets.Names)}; did you mean 'supervised'?",
            error.Message
        );
    }
}
