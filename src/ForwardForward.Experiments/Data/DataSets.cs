using ForwardForward.Experiments.Data.Folders;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Experiments.Data;

/// <summary>The known data sets, each fetched once into a cache, the words that are made of one, and any folder of data.</summary>
/// <param name="cacheFolder">Holds one folder per known data set, and one of decoded pictures; made when something is kept.</param>
/// <param name="known">What is known instead of <see cref="KnownDataSet.All"/>.</param>
/// <param name="kept">Has what was opened before; null: each time it is read and checked anew.</param>
internal sealed class DataSets(string cacheFolder, IReadOnlyList<KnownDataSet>? known = null, KeptData? kept = null)
{
    private const string DecodedFolder = "decoded";
    private readonly string _cacheFolder = Path.GetFullPath(cacheFolder);
    private readonly IReadOnlyList<KnownDataSet> _known = known ?? KnownDataSet.All;

    /// <summary>$FF_DATA, else forwardforward in the user's cache folder.</summary>
    public static string DefaultCacheFolder => CacheFolderIn(Environment.GetEnvironmentVariable);

    /// <summary>As <see cref="DefaultCacheFolder"/>, for the given environment variables.</summary>
    public static string CacheFolderIn(Func<string, string?> variable)
    {
        if (variable("FF_DATA") is { Length: > 0 } chosen)
        {
            return chosen;
        }

        var caches =
            !OperatingSystem.IsLinux()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            : variable("XDG_CACHE_HOME") is { } xdg && Path.IsPathRooted(xdg) ? xdg // the XDG rule: a relative one is ignored
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
                ".cache"
            );
        return Path.Combine(caches, "forwardforward");
    }

    public IReadOnlyList<DataSetInfo> List() =>
        [
            .. _known.Select(data => Info(data, data.Name, data.Description)),
            .. Find(MnistWords.Digits) is { } digits ? [Info(digits, MnistWords.Name, MnistWords.Description)] : Array.Empty<DataSetInfo>(),
        ];

    /// <summary>Whether <see cref="Open"/> finds it here, with nothing to fetch.</summary>
    public bool IsHere(string nameOrFolder) => Find(Source(nameOrFolder)) is { } data ? IsComplete(data) : DataFolder.IsNamed(nameOrFolder);

    /// <summary>Reads a known data set, fetched first where it is missing, or else a folder of data.</summary>
    /// <param name="nameOrFolder">A known name comes before a folder of the same name.</param>
    /// <param name="report">Takes a line per step of a download.</param>
    /// <param name="ct">Ends a download and leaves nothing of it.</param>
    /// <exception cref="InvalidInputException">It is neither, cannot be fetched, or its files are wrong.</exception>
    public DataSet Open(string nameOrFolder, Action<string>? report = null, CancellationToken ct = default) =>
        kept is null ? Read(nameOrFolder, report, ct) : kept.Whole(nameOrFolder, () => Read(nameOrFolder, report, ct));

    /// <summary>Reads a spec's data set, and cuts it to what the spec wants of it.</summary>
    /// <param name="report">Takes a line per step of a download.</param>
    /// <param name="ct">Ends a download and leaves nothing of it.</param>
    /// <exception cref="InvalidInputException">It cannot be had, or is not as the spec says.</exception>
    public DataSet Open(ExperimentSpec spec, Action<string>? report = null, CancellationToken ct = default)
    {
        var data = Open(spec.Dataset, report, ct);
        return kept is null ? data.Limited(spec) : kept.Part(spec, () => data.Limited(spec));
    }

    private DataSet Read(string nameOrFolder, Action<string>? report, CancellationToken ct)
    {
        if (IsWords(nameOrFolder))
        {
            return MnistWords.From(Open(MnistWords.Digits, report, ct));
        }

        if (Find(nameOrFolder) is not { } data)
        {
            return DataFolder.IsNamed(nameOrFolder)
                ? DataFolder.Read(
                    nameOrFolder,
                    nameOrFolder,
                    new DecodedPictures(Path.Combine(_cacheFolder, DecodedFolder), TimeProvider.System)
                )
                : throw NeitherKnownNorFolder(nameOrFolder);
        }

        if (!IsComplete(data))
        {
            new Download(data, _cacheFolder, report ?? (_ => { })).Run(ct);
        }
        else if (Flaw(data) is { } flaw)
        {
            throw new InvalidInputException($"{flaw}; `ff data get {data.Name}` fetches it again, as does deleting the file.");
        }

        return data.Published.Read(data.Name, FolderOf(data));
    }

    /// <summary>Fetches a known data set unless its files are there and right; a wrong file is replaced.</summary>
    /// <returns>The folder with its files.</returns>
    /// <exception cref="InvalidInputException">The name is not known, or it cannot be fetched.</exception>
    public string Fetch(string name, Action<string>? report = null, CancellationToken ct = default)
    {
        var data =
            Find(Source(name))
            ?? throw new InvalidInputException(
                $"there is no data set '{name}' to fetch, expected one of {string.Join(", ", Names)}{Suggestion.Ending(name, Names)}"
            );
        if (!IsComplete(data) || Flaw(data) is not null)
        {
            new Download(data, _cacheFolder, report ?? (_ => { })).Run(ct);
        }

        return FolderOf(data);
    }

    private DataSetInfo Info(KnownDataSet data, string name, string description) =>
        new(name, description, FolderOf(data), Directory.Exists(FolderOf(data)), IsComplete(data));

    private IEnumerable<string> Names => _known.Select(data => data.Name).Concat(Find(MnistWords.Digits) is null ? [] : [MnistWords.Name]);

    private bool IsWords(string name) => name == MnistWords.Name && Find(MnistWords.Digits) is not null;

    // Words are made of digits when they are opened.
    private string Source(string name) => IsWords(name) ? MnistWords.Digits : name;

    private InvalidInputException NeitherKnownNorFolder(string given) =>
        new(
            $"'{given}' is neither a data set nor a folder, expected one of {string.Join(", ", Names)} or "
                + $"{DataFolder.Expected}{Suggestion.Ending(given, Names)}"
        );

    private KnownDataSet? Find(string name) => _known.FirstOrDefault(data => data.Name == name);

    private string FolderOf(KnownDataSet data) => Path.Combine(_cacheFolder, data.Name);

    private bool IsComplete(KnownDataSet data) => data.Published.AreIn(FolderOf(data));

    /// <returns>What is wrong with a cached file; null where all have the published bytes.</returns>
    private string? Flaw(KnownDataSet data)
    {
        try
        {
            data.Published.Verify(FolderOf(data));
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return e.Message.TrimEnd('.');
        }
    }
}
