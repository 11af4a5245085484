using System.Text.RegularExpressions;

namespace ForwardForward.Learning.Tests;

/// <summary>Code that the documents show is code of the samples, which other tests train with.</summary>
public sealed partial class DocumentedCodeTests
{
    [Theory]
    [InlineData("extending.md", 4)]
    public void Code_in_a_document_stands_in_a_sample_line_by_line(string document, int blocks)
    {
        var root = RepositoryRoot();
        var samples = string.Concat(
            Directory
                .EnumerateFiles(Path.Combine(root, "samples"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .Select(File.ReadAllText)
        );
        var shown = Fenced()
            .Matches(File.ReadAllText(Path.Combine(root, "docs", document)))
            .Select(block => block.Groups[1].Value)
            .ToList();

        Assert.Equal(blocks, shown.Count);
        Assert.All(shown, code => Assert.Contains(code, samples, StringComparison.Ordinal));
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

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
