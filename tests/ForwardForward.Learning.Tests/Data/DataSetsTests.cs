using System.Text.RegularExpressions;
using ForwardForward.Chaos;
using ForwardForward.Experiments.Data;
using ForwardForward.Experiments.Data.Sources;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Data;

public sealed class DataSetsTests : IDisposable
{
    private const string Images = "train-images-idx3-ubyte";

    private readonly TemporaryFolder _folder = new();
    private readonly string _published;
    private readonly string _cache;

    public DataSetsTests()
    {
        _published = TinyIdx.Write(_folder["published"]);
        _cache = _folder["cache"];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fetches_a_known_data_set_once_and_reads_it_from_the_cache()
    {
        var source = Honest();
        var data = Sets(source);
        var lines = new List<string>();

        Assert.Equal((4, 200), (data.Open("tiny", lines.Add).Classes, data.Open("tiny", lines.Add).Train.Count));

        Assert.Equal(1, source.Asked);
        Assert.Equal(
            ["tiny: asking the friend", $"tiny: fetched from the friend, verified by SHA-256, kept in {Path.Combine(_cache, "tiny")}"],
            lines
        );
        AssertCacheHoldsOnlyTheFourFiles();
    }

    [Fact]
    public void What_is_kept_is_read_once_and_its_part_made_once_for_all_who_want_the_same()
    {
        var data = new DataSets(_cache, kept: new KeptData());
        var spec = new ExperimentSpec { Dataset = _published, HoldOut = 50 };
        var (whole, part) = (data.Open(_published), data.Open(spec));
        Directory.Delete(_published, recursive: true);

        Assert.Same(whole, data.Open(_published));
        Assert.Same(part, data.Open(spec with { Seed = 2 }));
        Assert.Equal((150, 50), (part.Train.Count, part.Test.Count));
        Assert.Equal(40, data.Open(spec with { TrainImages = 40 }).Train.Count);
        Assert.Throws<InvalidInputException>(() => data.Open(spec with { DatasetSha256 = new string('0', 64) }));
        Assert.Throws<InvalidInputException>(() => new DataSets(_cache).Open(spec));
    }

    [Fact]
    public void Lists_what_is_there()
    {
        var data = Sets(Honest());
        var folder = Path.Combine(_cache, "tiny");
        Assert.Equal([new DataSetInfo("tiny", "a few images", folder, Exists: false, Complete: false)], data.List());

        Assert.Equal(folder, data.Fetch("tiny"));
        Assert.Equal([new DataSetInfo("tiny", "a few images", folder, Exists: true, Complete: true)], data.List());

        File.Delete(Path.Combine(folder, Images));
        Assert.Equal([new DataSetInfo("tiny", "a few images", folder, Exists: true, Complete: false)], data.List());
    }

    [Fact]
    public void Goes_on_to_the_next_source_when_one_fails_or_serves_other_bytes()
    {
        var other = TinyIdx.Write(_folder["other"], train: 199);
        var down = new FakeSource("the down one", _ => throw new HttpRequestException("no route."));
        var wrong = new FakeSource("the wrong one", folder => new LocalFolder(other).Fetch(IdxFolder.Files, folder, default));
        var lines = new List<string>();

        Sets(down, wrong, Honest()).Open("tiny", lines.Add);

        Assert.Contains("tiny: the down one does not serve (no route)", lines);
        Assert.Contains(
            lines,
            line =>
                line.StartsWith($"tiny: the wrong one does not serve ({Images} has a SHA-256 that starts with ", StringComparison.Ordinal)
        );
        AssertCacheHoldsOnlyTheFourFiles();
    }

    [Fact]
    public void Names_every_source_that_failed_and_leaves_nothing_behind()
    {
        var half = new FakeSource("the first", folder => File.Copy(Path.Combine(_published, Images), Path.Combine(folder, Images)));
        var down = new FakeSource("the second", _ => throw new IOException("no route"));

        var message = Refusal(() => Sets(half, down).Open("tiny"));

        Assert.Equal(
            $"tiny is not in {Path.Combine(_cache, "tiny")} and could not be fetched from the first (it has no "
                + "train-labels-idx1-ubyte), the second (no route); "
                + $"any folder with the four IDX files {string.Join(", ", IdxFolder.Files)} works with --data.",
            message
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cache));
    }

    [Fact]
    public void Cancelling_asks_no_further_source_and_leaves_nothing_behind()
    {
        using var stop = new CancellationTokenSource();
        var next = Honest();
        var data = Sets(new FakeSource("the stopped one", _ => stop.Cancel()), next);

        Assert.ThrowsAny<OperationCanceledException>(() => data.Open("tiny", ct: stop.Token));

        Assert.Equal(0, next.Asked);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cache));
    }

    [Fact]
    public void Refuses_a_changed_file_in_the_cache_until_it_is_fetched_again()
    {
        var data = Sets(Honest());
        var file = Path.Combine(data.Fetch("tiny"), Images);
        Change(file);

        var message = Refusal(() => data.Open("tiny"));
        Assert.Matches(
            $"^{Regex.Escape(file)} has a SHA-256 that starts with [0-9a-f]{{12}}, expected [0-9a-f]{{12}}; `ff data get tiny` "
                + "fetches it again, as does deleting the file\\.$",
            message
        );

        data.Fetch("tiny");
        Assert.Equal(File.ReadAllBytes(Path.Combine(_published, Images)), File.ReadAllBytes(file));
        AssertCacheHoldsOnlyTheFourFiles();
    }

    [Fact]
    public void A_deleted_file_is_fetched_again()
    {
        var data = Sets(Honest());
        File.Delete(Path.Combine(data.Fetch("tiny"), Images));

        Assert.Equal(200, data.Open("tiny").Train.Count);
    }

    [Fact]
    public async Task Two_fetches_at_once_both_end_well()
    {
        using var bothFetched = new Barrier(2);
        var source = new FakeSource(
            "the friend",
            folder =>
            {
                new LocalFolder(_published).Fetch(IdxFolder.Files, folder, default);
                Assert.True(bothFetched.SignalAndWait(TimeSpan.FromSeconds(30)));
            }
        );

        var threads = Enumerable
            .Range(0, 2)
            .Select(_ =>
                Task.Factory.StartNew(
                    () => Sets(source).Open("tiny").Classes,
                    default,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            );

        Assert.All(await Task.WhenAll(threads), classes => Assert.Equal(4, classes));
        AssertCacheHoldsOnlyTheFourFiles();
    }

    [Fact]
    public void Refuses_a_cache_that_cannot_be_written()
    {
        var file = _folder.Save("file", []);
        var source = Honest();
        var data = new DataSets(Path.Combine(file, "cache"), Known.Tiny(_published, source));

        var message = Refusal(() => data.Open("tiny"));

        Assert.StartsWith($"The cache folder {Path.Combine(file, "cache")} cannot be written (", message, StringComparison.Ordinal);
        Assert.EndsWith("expected one that can: set FF_DATA.", message, StringComparison.Ordinal);
        Assert.Equal(0, source.Asked);
    }

    [Fact]
    public void Opens_any_folder_in_IDX_form()
    {
        var data = Sets().Open(_published);
        Assert.Equal((_published, 4), (data.Name, data.Classes));
    }

    [Fact]
    public void Suggests_the_known_name_that_was_meant()
    {
        Assert.Equal(
            "'tinny' is neither a data set nor a folder, expected one of tiny or a folder with four IDX files, CIFAR's binary "
                + "files or pictures by class; did you mean 'tiny'?",
            Refusal(() => Sets().Open("tinny"))
        );
        Assert.Equal("there is no data set 'other' to fetch, expected one of tiny.", Refusal(() => Sets().Fetch("other")));
    }

    [Theory]
    [InlineData("/data", "/cache", "/data")]
    [InlineData("", "/cache", "/cache/forwardforward")]
    [InlineData(null, "/cache", "/cache/forwardforward")]
    [InlineData(null, "relative", "/.cache/forwardforward")]
    [InlineData(null, null, "/.cache/forwardforward")]
    public void The_cache_is_FF_DATA_or_in_the_users_cache_folder(string? ffData, string? xdg, string expected)
    {
        var folder = DataSets.CacheFolderIn(name =>
            name switch
            {
                "FF_DATA" => ffData,
                "XDG_CACHE_HOME" => xdg,
                _ => null,
            }
        );
        Assert.EndsWith(OperatingSystem.IsLinux() || ffData is "/data" ? expected : "forwardforward", folder, StringComparison.Ordinal);
    }

    private FakeSource Honest() => new("the friend", folder => new LocalFolder(_published).Fetch(IdxFolder.Files, folder, default));

    private DataSets Sets(params IDataSource[] sources) => new(_cache, Known.Tiny(_published, sources));

    private static string Refusal(Action act) => Assert.Throws<InvalidInputException>(act).Message;

    private static void Change(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private void AssertCacheHoldsOnlyTheFourFiles()
    {
        Assert.Equal([Path.Combine(_cache, "tiny")], Directory.GetFileSystemEntries(_cache));
        Assert.Equal(
            IdxFolder.Files.Order(),
            Directory.GetFileSystemEntries(Path.Combine(_cache, "tiny")).Select(Path.GetFileName).Order()
        );
    }
}
