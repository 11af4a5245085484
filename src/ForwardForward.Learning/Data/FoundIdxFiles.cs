using System.Text.RegularExpressions;

namespace ForwardForward.Learning.Data;

/// <summary>
/// The four files of a data set as archives leave them: with a dot where a hyphen was (<c>train-images.idx3-ubyte</c>), with the data set's
/// name before (<c>emnist-letters-train-...</c>), test for t10k, idx4 where pictures have colours, in capitals, in folders of their own.
/// </summary>
internal static partial class FoundIdxFiles
{
    private const int ShownSets = 12;

    /// <param name="folder">A folder, or one and the beginning of its files' names.</param>
    /// <returns>Paths in the order of <see cref="IdxFolder.Files"/>.</returns>
    /// <exception cref="InvalidInputException">A file is missing, or there is more than one data set.</exception>
    public static string[] In(string folder)
    {
        var (place, prefix) = Directory.Exists(folder) ? (folder, null) : Split(folder);
        if (prefix is null && Customary(place) is { } customary)
        {
            return customary;
        }

        var found = Sets(place).Where(set => prefix is null || set.Prefix == prefix).ToList();
        return found switch
        {
            [var one] => one.Paths(),
            [] => throw Lacks(folder, place, prefix),
            _ => throw new InvalidInputException(
                $"{folder} holds {found.Count} data sets "
                    + $"({string.Join(", ", found.Take(ShownSets).Select(set => set.NameIn(place)))}"
                    + $"{(found.Count > ShownSets ? ", ..." : "")}), "
                    + $"expected one: name it, as in --data {found[0].Address}."
            ),
        };
    }

    /// <summary>Whether a file of the folder, or of a folder in it, is called as a part of a data set is.</summary>
    public static bool HasAny(string folder) =>
        Readable(() => [folder, .. Directory.GetDirectories(folder)], folder).Any(one => FilesOf(one).Count > 0);

    /// <summary>Whether files of this path's folder begin with its last part.</summary>
    public static bool Begin(string path)
    {
        var (place, prefix) = Split(path);
        return prefix.Length > 0 && Directory.Exists(place) && FilesOf(place).Any(file => file.Prefix == prefix);
    }

    private static (string Place, string Prefix) Split(string path) =>
        (Path.GetDirectoryName(path) is { Length: > 0 } above ? above : ".", Path.GetFileName(path).ToLowerInvariant());

    // As ever: whatever else is there does not matter.
    private static string[]? Customary(string folder)
    {
        var paths = IdxFolder.Files.Select(file => IdxFolder.Find(folder, file)).OfType<string>().ToArray();
        return paths.Length == IdxFolder.Files.Count ? paths : null;
    }

    // Those of the folder itself, else those of the folders in it, one each, else those that are spread over them, a file each.
    private static List<FoundSet> Sets(string folder)
    {
        var here = Complete(FilesOf(folder), folder);
        if (here.Count > 0)
        {
            return here;
        }

        var inner = Readable(() => Directory.GetDirectories(folder), folder)
            .Order(StringComparer.Ordinal)
            .Select(one => (Folder: one, Files: FilesOf(one)))
            .ToList();
        var below = inner.SelectMany(one => Complete(one.Files, one.Folder)).ToList();
        return below.Count > 0 ? below : Complete([.. FilesOf(folder), .. inner.SelectMany(one => one.Files)], folder);
    }

    private static List<FoundSet> Complete(IEnumerable<FoundFile> files, string folder) =>
        [
            .. files
                .GroupBy(file => file.Prefix)
                .OrderBy(set => set.Key, StringComparer.Ordinal)
                .Select(set => new FoundSet(folder, set.Key, set.ToLookup(file => file.Role)))
                .Where(set => Enumerable.Range(0, IdxFolder.Files.Count).All(role => set.Files[role].Any())),
        ];

    private static List<FoundFile> FilesOf(string folder) =>
        [.. Readable(() => Directory.GetFiles(folder), folder).Order(StringComparer.Ordinal).Select(FoundFile.Of).OfType<FoundFile>()];

    private static string[] Readable(Func<string[]> list, string folder)
    {
        try
        {
            return list();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"{folder} cannot be read ({e.Message.TrimEnd('.')}), expected a folder with four IDX files.",
                e
            );
        }
    }

    private static InvalidInputException Lacks(string folder, string place, string? prefix)
    {
        var roles = Readable(() => [place, .. Directory.GetDirectories(place)], place)
            .SelectMany(FilesOf)
            .Where(file => prefix is null || file.Prefix == prefix)
            .Select(file => file.Role)
            .ToHashSet();
        var missing = IdxFolder.Files[
            Enumerable.Range(0, IdxFolder.Files.Count).First(role => !roles.Contains(role) || roles.Count == IdxFolder.Files.Count)
        ];
        return new InvalidInputException(
            $"{folder} lacks {missing} (or {missing}.gz), expected the four IDX files {string.Join(", ", IdxFolder.Files)}."
        );
    }

    /// <param name="Prefix">What stands before its customary name, in small letters; empty: nothing.</param>
    /// <param name="Role">Which of <see cref="IdxFolder.Files"/> it is.</param>
    private sealed record FoundFile(string Path, string Prefix, int Role)
    {
        public bool IsPacked => Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

        public static FoundFile? Of(string path)
        {
            if (Name().Match(System.IO.Path.GetFileName(path)) is not { Success: true } name)
            {
                return null;
            }

            var isTest = !name.Groups["part"].ValueSpan.StartsWith("train", StringComparison.OrdinalIgnoreCase);
            var isLabels = name.Groups["kind"].ValueSpan.StartsWith("label", StringComparison.OrdinalIgnoreCase);
            return new FoundFile(path, name.Groups["set"].Value.ToLowerInvariant(), (isTest ? 2 : 0) + (isLabels ? 1 : 0));
        }
    }

    private sealed record FoundSet(string Folder, string Prefix, ILookup<int, FoundFile> Files)
    {
        public string Address => Prefix.Length == 0 ? Folder : System.IO.Path.Combine(Folder, Prefix);

        public string NameIn(string place) => System.IO.Path.GetRelativePath(place, Address);

        /// <exception cref="InvalidInputException">Two files are the same part of it.</exception>
        public string[] Paths() => [.. Enumerable.Range(0, IdxFolder.Files.Count).Select(role => One([.. Files[role]]))];

        // Packed and unpacked beside each other are one.
        private static string One(IReadOnlyList<FoundFile> files)
        {
            var plain = files.Where(file => !file.IsPacked || !files.Any(other => other.Path == file.Path[..^3])).ToList();
            return plain is [var one]
                ? one.Path
                : throw new InvalidInputException(
                    $"{plain[0].Path} and {plain[1].Path} are both the {(plain[0].Role < 2 ? "training" : "test")} "
                        + $"{(plain[0].Role % 2 == 0 ? "images" : "labels")}, expected one of them."
                );
        }
    }

    [GeneratedRegex(
        @"^(?:(?<set>.+?)[-_.])?(?<part>training|train|t10k|testing|test)[-_.](?<kind>images|image|labels|label)"
            + @"[-_.]?idx[134](?:[-_.]?ubyte)?(?:\.gz)?\z",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Name();
}
