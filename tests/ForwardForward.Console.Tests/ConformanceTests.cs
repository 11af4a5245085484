using ForwardForward.Console.Conformance;
using ForwardForward.Console.Verbs;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Tests;

public sealed class ConformanceTests
{
    private static readonly Lazy<PassTrace> OfThisMachine = new(() => Conformance.Conformance.Trace(2, _ => { }, CancellationToken.None));

    [Fact]
    public void This_machine_comes_to_the_bytes_that_were_committed()
    {
        if (Environment.GetEnvironmentVariable("WRITE_FIXTURE") == "true")
        {
            File.WriteAllText(Path.Combine(Root(), "src/ForwardForward.Console/Conformance/expected.txt"), OfThisMachine.Value.Text);
            return;
        }

        Assert.Null(PassTrace.Expected.FirstDifference(OfThisMachine.Value));
        Assert.Equal(PassTrace.Expected.Hash, OfThisMachine.Value.Hash);
    }

    [Fact]
    public void Five_threads_come_to_the_bytes_of_two()
    {
        Assert.Equal(OfThisMachine.Value.Hash, Conformance.Conformance.Trace(5, _ => { }, CancellationToken.None).Hash);
    }

    [Fact]
    public void The_first_pass_that_differs_is_named_and_the_verb_fails()
    {
        const string Where = "network 'wide', slot 3, layer 1, the goodness of its rows";
        var (own, other) = (new PassTrace(), new PassTrace());
        foreach (var (trace, third) in new[] { (own, (byte)1), (other, (byte)2) })
        {
            trace.Add("wide", 3, "the source", "rows", [7]);
            trace.Add("wide", 3, "layer 1", "rows", [7]);
            trace.Add("wide", 3, "layer 1", "goodness", [third]);
            trace.Add("wide", 3, "layer 1", "state", [third]);
        }

        using StringWriter people = new(),
            scripts = new();

        Assert.Equal(1, ConformanceVerb.Print(people, other, own, json: false));
        Assert.Equal(1, ConformanceVerb.Print(scripts, other, own, json: true));

        Assert.Contains($"This machine comes to other bytes, for the first time in {Where}.", people.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            $$"""{"hash":"{{other.Hash}}","expected":"{{own.Hash}}","equal":false,"firstDifference":"{{Where}}"}""",
            scripts.ToString().Replace("\\u0027", "'", StringComparison.Ordinal).Trim()
        );
    }

    [Fact]
    public void Every_recipe_whose_layers_learn_alone_is_among_its_networks()
    {
        var recipes = ConformanceNetworks.All.Select(network => Recipe.NameOf(network.Spec)).ToHashSet();

        Assert.Equal([RecipeKind.Convolution, RecipeKind.Supervised, RecipeKind.TopDown, RecipeKind.Unsupervised], recipes.Order());
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ForwardForward.Orleans.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
