using System.Text.RegularExpressions;

namespace ForwardForward.Learning.Tests.Api;

/// <summary>What is public is a promise to strangers: it changes knowingly, stays small, and somebody shows what it is for.</summary>
public sealed class PublicApiTests
{
    private const int MostTypes = 61;
    private static readonly string Root = RepositoryRoot();
    private static readonly string[] Documents = ["library.md", "extending.md", "weights.md"];

    /// <summary>WRITE_FIXTURE=true writes the file anew, for a commit that means to change it.</summary>
    [Fact]
    public void What_is_public_is_what_the_file_says()
    {
        var path = Path.Combine(Root, "src", "ForwardForward.Learning", "PublicApi.txt");
        var found = PublicApi.Of(typeof(FFNetwork).Assembly);
        if (Environment.GetEnvironmentVariable("WRITE_FIXTURE") == "true")
        {
            File.WriteAllLines(path, found);
        }

        var written = File.ReadAllLines(path);
        string[] differences = [.. written.Except(found).Select(line => $"- {line}"), .. found.Except(written).Select(line => $"+ {line}")];
        Assert.True(
            found.SequenceEqual(written),
            $"The public API is not what {path} says; WRITE_FIXTURE=true writes it anew where that is meant.\n"
                + string.Join('\n', differences)
        );
    }

    [Fact]
    public void A_public_type_is_one_of_few()
    {
        var types = typeof(FFNetwork).Assembly.GetExportedTypes();

        Assert.InRange(types.Length, 1, MostTypes);
    }

    [Fact]
    public void A_public_type_is_used_by_a_sample_or_told_of_in_the_documents_of_the_library()
    {
        var samples = Directory
            .EnumerateFiles(Path.Combine(Root, "samples"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var documents = Documents.Select(name => Path.Combine(Root, "docs", name));
        var words = samples
            .Concat(documents)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"\w+"))
            .Select(word => word.Value)
            .ToHashSet();

        var unknown = typeof(FFNetwork)
            .Assembly.GetExportedTypes()
            .Select(type => type.Name.Split('`')[0])
            .Where(name => !words.Contains(name));

        Assert.Empty(unknown);
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ForwardForward.Orleans.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
