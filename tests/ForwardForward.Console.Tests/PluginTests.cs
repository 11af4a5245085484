using System.Text.Json;

namespace ForwardForward.Console.Tests;

/// <summary>What an assembly of somebody else adds to the algorithm, by the console: samples/OwnParts.</summary>
public sealed class PluginTests : Workplace
{
    private static readonly string OwnParts = Path.Combine(AppContext.BaseDirectory, "plugins", "OwnParts.dll");

    [Theory]
    [InlineData("goodness.kind=cubic", "negatives.kind=nearby")]
    [InlineData("recipe=wrongPictures", "seed=2")]
    public async Task What_a_plug_in_adds_learns_and_ends_in_the_same_bytes_without_actors_and_on_three_silos(string part, string other)
    {
        string[] own = ["--plugin", OwnParts, "--set", part, "--set", other, "--json"];
        var reference = await TrainAlone([.. own, "--reference", "--name", "reference"]);
        var silos = await TrainAlone([.. own, "--silos", "3", "--name", "silos"]);

        Assert.True(reference.ExitCode == 0, reference.Error);
        Assert.True(silos.ExitCode == 0, silos.Error);
        Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), silos.Json.GetProperty("stateHash").GetString());
        Assert.Equal(reference.Json.GetProperty("fingerprint").GetString(), silos.Json.GetProperty("fingerprint").GetString());
        Assert.Contains("/plugins-", silos.Json.GetProperty("fingerprint").GetString(), StringComparison.Ordinal);
        Assert.InRange(silos.Json.GetProperty("testErrorFast").GetDouble(), 0, 0.5); // of four classes
        var spec = JsonDocument.Parse(await File.ReadAllTextAsync(At("runs/silos/spec.json"))).RootElement;
        Assert.Matches("^OwnParts [0-9.]+ [0-9a-f]{64}$", spec.GetProperty("plugins").GetString());
    }

    [Fact]
    public async Task It_shows_where_built_in_names_do_and_its_runs_are_refused_where_it_is_not()
    {
        var presets = await Console.Run("presets", "--plugin", OwnParts);
        var schema = await Console.Run("presets", "schema", "--plugin", OwnParts);
        var help = await FfInProcess.Run(Folder, "train", "--help");
        await TrainAlone("--plugin", OwnParts, "--set", "goodness.kind=cubic", "--reference", "--name", "own", "--epochs", "1");
        var again = await FfInProcess.Run(Folder, "train", "runs/own/spec.json", "--json");
        var unknown = await FfInProcess.Run(Folder, ["train", .. Small, "--set", "goodness.kind=cubic"]);

        Assert.Matches("(?m)^wrong-pictures +An own recipe: ", presets.Output);
        Assert.Contains("cubic", Choices(schema.Output, "goodness"));
        Assert.Contains("nearby", Choices(schema.Output, "negatives"));
        Assert.Contains("--plugin <FILE.dll>", help.Output, StringComparison.Ordinal);
        Assert.Equal(2, again.ExitCode);
        Assert.Matches(
            @"^runs/own/spec\.json: the plug-in OwnParts [0-9.]+ \([0-9a-f]{12}\) is not there; expected it by --plugin or FF_PLUGINS\.\n$",
            again.Error
        );
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("goodness.kind is \"cubic\", expected one of sumOfSquares, ", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_plug_in_is_refused_with_a_sentence()
    {
        await File.WriteAllTextAsync(At("text.dll"), "no assembly");
        Task<FfResult> Presets(string file) => FfInProcess.Run(Folder, "presets", "--plugin", file);
        FfResult none = await Presets("none.dll"),
            text = await Presets("text.dll"),
            other = await Presets(typeof(PluginTests).Assembly.Location);
        var split = await TrainAlone("--plugin", OwnParts, "--set", "goodness.kind=cubic", "--set", "shards=1,2");

        Assert.Equal([2, 2, 2, 2], [none.ExitCode, text.ExitCode, other.ExitCode, split.ExitCode]);
        Assert.Equal("none.dll does not exist, expected a plug-in.\n", none.Error);
        Assert.StartsWith("text.dll cannot be loaded (", text.Error, StringComparison.Ordinal);
        Assert.EndsWith(" has no public class with IPlugin, expected a plug-in.\n", other.Error, StringComparison.Ordinal);
        Assert.Equal("shards: goodness 'cubic' is made of what every unit of a layer does; expected an empty list with it.\n", split.Error);
    }

    private static IEnumerable<string?> Choices(string schema, string group) =>
        JsonDocument
            .Parse(schema)
            .RootElement.GetProperty("properties")
            .GetProperty(group)
            .GetProperty("properties")
            .GetProperty("kind")
            .GetProperty("enum")
            .EnumerateArray()
            .Select(name => name.GetString());

    // A plug-in that was loaded once is there for all that this process does later.
    private Task<FfResult> TrainAlone(params string[] more) => Console.Run(["train", .. Small, .. more]);
}
