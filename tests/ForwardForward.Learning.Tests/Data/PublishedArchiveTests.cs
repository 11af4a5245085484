using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ForwardForward.Experiments.Data;
using ForwardForward.Experiments.Data.Folders;
using ForwardForward.Experiments.Data.Sources;

namespace ForwardForward.Learning.Tests.Data;

/// <summary>The archives of CIFAR are large and far away: a small one in the same form stands for them.</summary>
public sealed class PublishedArchiveTests : IDisposable
{
    private const string Archive = "small-binary.tar.gz";
    private static readonly string[] Names = [.. Enumerable.Range(0, 10).Select(number => $"class {number}")];
    private readonly TemporaryFolder _folder = new();
    private readonly string _cache;

    public PublishedArchiveTests()
    {
        _cache = _folder["cache"];
        Pack(Archive);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Is_fetched_once_verified_unpacked_and_read_from_the_cache()
    {
        var lines = new List<string>();
        var sets = Sets();

        Assert.False(sets.List().Single().Complete);
        var data = sets.Open("small", lines.Add);
        File.Delete(_folder[$"web/{Archive}"]);

        Assert.Equal((10, 2, 3, 10), (data.Train.Count, data.Test.Count, data.Train.Channels, data.Classes));
        Assert.Equal(Names, data.ClassNames);
        Assert.Equal(data.Sha256, sets.Open("small").Sha256);
        Assert.True(sets.List().Single().Complete);
        Assert.Equal(
            ["small: asking the site mirror.test", $"small: fetched from the site mirror.test, verified by SHA-256, kept in {At()}"],
            lines
        );
        Assert.Equal(
            ["SHA256SUMS", "batches.meta.txt", .. Enumerable.Range(1, 5).Select(batch => $"data_batch_{batch}.bin"), "test_batch.bin"],
            Directory.GetFileSystemEntries(At()).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        );
        Assert.Equal([At()], Directory.GetFileSystemEntries(_cache));
    }

    [Fact]
    public void Another_archive_is_refused_and_leaves_nothing_behind()
    {
        var sets = Sets();
        Pack(Archive, perBatch: 1);

        Assert.Matches(
            $"^small is not in {Regex.Escape(At())} and could not be fetched from the site mirror\\.test \\({Regex.Escape(Archive)} has a "
                + "SHA-256 that starts with [0-9a-f]{12}, expected [0-9a-f]{12}\\); any folder with the files data_batch_1\\.bin, ",
            Refusal(() => sets.Open("small"))
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cache));
    }

    [Fact]
    public void An_archive_that_lacks_a_file_is_named()
    {
        Pack(Archive, without: "data_batch_3.bin");

        Assert.Contains(
            $"(its {Archive} has no cifar-10-batches-bin/data_batch_3.bin)",
            Refusal(() => Sets().Open("small")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_site_without_it_is_named_with_its_answer()
    {
        var sets = Sets();
        File.Delete(_folder[$"web/{Archive}"]);

        var message = Refusal(() => sets.Open("small"));

        Assert.Contains("could not be fetched from the site mirror.test (", message, StringComparison.Ordinal);
        Assert.Contains("404", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_file_in_the_cache_is_refused_until_it_is_fetched_again()
    {
        var sets = Sets();
        var file = Path.Combine(sets.Fetch("small"), "data_batch_2.bin");
        var bytes = File.ReadAllBytes(file);
        bytes[100] ^= 1;
        File.WriteAllBytes(file, bytes);

        Assert.Matches(
            $"^{Regex.Escape(file)} has a SHA-256 that starts with [0-9a-f]{{12}}, expected [0-9a-f]{{12}}; `ff data get small` fetches it "
                + "again, as does deleting the file\\.$",
            Refusal(() => sets.Open("small"))
        );

        sets.Fetch("small");
        Assert.Equal(10, sets.Open("small").Train.Count);
    }

    private DataSets Sets()
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder[$"web/{Archive}"])));
        return new DataSets(
            _cache,
            [
                new KnownDataSet(
                    "small",
                    "a few photographs",
                    new PublishedArchive(Archive, sha256, CifarForm.Cifar10),
                    [new HttpsFile("https://mirror.test/data", new FakeWeb(_folder["web"]))]
                ),
            ]
        );
    }

    private string At() => Path.Combine(_cache, "small");

    private static string Refusal(Action act) => Assert.Throws<InvalidInputException>(act).Message;

    private void Pack(string name, int perBatch = 2, string? without = null)
    {
        Directory.CreateDirectory(_folder["web"]);
        var files = Directory.CreateDirectory(_folder["files"]).FullName;
        TinyCifar.WriteTen(files, perBatch);
        File.WriteAllLines(Path.Combine(files, "batches.meta.txt"), Names);
        File.WriteAllText(Path.Combine(files, "readme.html"), "<html/>");
        using var packed = new GZipStream(File.Create(_folder[$"web/{name}"]), CompressionLevel.Fastest);
        using var tar = new TarWriter(packed);
        foreach (var file in Directory.GetFiles(files).Where(file => Path.GetFileName(file) != without))
        {
            tar.WriteEntry(file, $"cifar-10-batches-bin/{Path.GetFileName(file)}");
        }
    }
}
