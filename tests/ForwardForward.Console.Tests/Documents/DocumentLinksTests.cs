using System.Text.RegularExpressions;

namespace ForwardForward.Console.Tests.Documents;

[Trait("Category", "Unit")]
public sealed partial class DocumentLinksTests
{
    [Fact]
    public void Every_file_and_heading_that_a_document_links_to_is_there()
    {
        var dead = Document.All.SelectMany(document => Links(document).Where(IsDead).Select(link => $"{document.Path}: {link.Target}"));

        Assert.Empty(dead);
    }

    [Fact]
    public void The_documents_of_the_repository_are_found_with_their_links()
    {
        Assert.Contains(Document.All, document => document.Path == "README.md");
        Assert.Contains(Document.All, document => document.Path == "docs/recipes/own-data.md");
        Assert.True(Document.All.Sum(document => Links(document).Count()) > 100);
    }

    [Fact]
    public void The_readme_is_a_page_and_no_document_more_than_one_reads()
    {
        const int MaxOfReadme = 100,
            MaxLines = 150; // tables are looked up, not read

        Assert.InRange(Document.All.Single(document => document.Path == "README.md").Text.Count(c => c == '\n'), 1, MaxOfReadme);
        Assert.Empty(
            Document
                .All.Where(document => document.Text.Split('\n').Count(line => !line.StartsWith('|')) > MaxLines)
                .Select(document => document.Path)
        );
    }

    [Fact]
    public void A_heading_is_named_as_GitHub_names_it()
    {
        var document = new Document("a.md", "# Own data, as `IDX`\n```\n# no heading\n```\n## Own data\n## Own data\n");

        Assert.Equal(["own-data", "own-data-1", "own-data-as-idx"], document.Anchors.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<(string Target, string Path, string Anchor)> Links(Document document) =>
        Link()
            .Matches(document.Prose)
            .Select(link => link.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal))
            .Select(target =>
            {
                var (path, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, "");
                var folder = Path.GetDirectoryName(document.Path)!;
                return (target, path.Length == 0 ? document.Path : Path.GetRelativePath(".", Path.Combine(folder, path)), anchor);
            });

    private static bool IsDead((string Target, string Path, string Anchor) link) =>
        !Path.Exists(Document.At(link.Path))
        || (link.Anchor.Length > 0 && Document.All.SingleOrDefault(page => page.Path == link.Path)?.Anchors.Contains(link.Anchor) != true);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
