using System.Text.RegularExpressions;

namespace ForwardForward.Console.Tests.Documents;

/// <summary>A page of this repository that is written for people.</summary>
/// <param name="Path">From the repository's root, with slashes.</param>
internal sealed partial record Document(string Path, string Text)
{
    private static readonly string[] Folders = ["docs", "benchmarks", "lab"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<Document> All { get; } =
    [
        .. Directory
            .EnumerateFiles(Root, "*.md")
            .Concat(Folders.SelectMany(folder => Directory.EnumerateFiles(At(folder), "*.md", SearchOption.AllDirectories)))
            .Append(At("tests/README.md"))
            .Order(StringComparer.Ordinal)
            .Select(file => new Document(System.IO.Path.GetRelativePath(Root, file), File.ReadAllText(file))),
    ];

    /// <summary>Without what is code, in which brackets are no links.</summary>
    public string Prose => InlineCode().Replace(Fenced().Replace(Text, ""), "`code`");

    /// <summary>The lines of fenced code that is no program's, and what stands between single backticks.</summary>
    public IEnumerable<string> Commands =>
        Fenced()
            .Matches(Text)
            .Where(block => block.Groups["language"].Value is "" or "sh" or "bash")
            .SelectMany(block => block.Groups["code"].Value.Split('\n'))
            .Concat(InlineCode().Matches(Fenced().Replace(Text, "")).Select(code => code.Groups[1].Value.Replace('\n', ' ')));

    /// <summary>What a link may name behind its hash sign, as GitHub makes it of headings.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            var (anchors, seen) = (new HashSet<string>(), new Dictionary<string, int>());
            foreach (Match heading in Heading().Matches(Fenced().Replace(Text, "")))
            {
                var name = Dropped().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');
                var times = seen[name] = seen.GetValueOrDefault(name) + 1;
                anchors.Add(times == 1 ? name : $"{name}-{times - 1}");
            }

            return anchors;
        }
    }

    public static string At(string path) => System.IO.Path.Combine(Root, path);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "ForwardForward.Orleans.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    [GeneratedRegex("^```(?<language>\\w*)\\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fenced();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Dropped();
}
