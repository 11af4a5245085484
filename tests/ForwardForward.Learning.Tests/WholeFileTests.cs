using System.Runtime.Versioning;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Learning.Tests;

public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_content_that_breaks_off_leaves_the_earlier_file_and_nothing_else()
    {
        var path = _folder.Save("file", [1, 2, 3]);

        Assert.Throws<InvalidInputException>(() => WholeFile.Replace(path, Broken()));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Root));

        static IEnumerable<ReadOnlyMemory<byte>> Broken()
        {
            yield return new byte[100_000];
            throw new IOException("The disk broke.");
        }
    }

    [Fact]
    public void What_a_process_that_is_gone_has_half_written_is_taken_away_and_nothing_else()
    {
        const int Gone = 999_999_999; // above the highest number that a process can have
        _folder.Save($".sweep.html.{Gone}-abcdefgh.tmp", [1]);
        _folder.Save($".sweep.html.{Environment.ProcessId}-abcdefgh.tmp", [1]); // of another that had this one's number
        string[] others =
        [
            _folder.Save(".notes.tmp", [1]),
            _folder.Save($"sweep.html.{Gone}-abcdefgh.tmp", [1]),
            _folder.Save(".sweep.html.1-abcdefgh.tmp", [1]), // the first process lives
        ];

        WholeFile.RemoveUnfinished(_folder.Root);

        Assert.Equal(others.Order(StringComparer.Ordinal), Directory.GetFiles(_folder.Root).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_that_is_there_is_not_made_again()
    {
        var path = _folder.Save("file", [1]);

        Assert.Null(WholeFile.TryCreate(path, [new byte[] { 2 }]));
        Assert.Equal(3, WholeFile.TryCreate(_folder["other"], [new byte[] { 2 }, new byte[] { 3, 4 }]));

        Assert.Equal([1], File.ReadAllBytes(path));
        Assert.Equal([2, 3, 4], File.ReadAllBytes(_folder["other"]));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Root).Length);
    }

    [Theory]
    [InlineData("none/file", "cannot be written: there is no folder ")]
    [InlineData("", "cannot be written: it is a folder, expected a file.")]
    [InlineData("file/below", "cannot be written: ")]
    public void What_is_in_the_way_is_named(string name, string sentence)
    {
        _folder.Save("file", [1]);

        var refused = Assert.Throws<InvalidInputException>(() => WholeFile.Replace(_folder[name], "text"));

        Assert.StartsWith($"{_folder[name]} {sentence}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_link_stays_one_and_who_may_read_the_file_stays_the_same()
    {
        var (path, link) = (_folder.Save("file", [1]), _folder["link"]);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(link, path);

        WholeFile.Replace(link, "text");

        Assert.Equal(path, new FileInfo(link).LinkTarget);
        Assert.Equal("text", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_device_is_written_to_and_not_replaced()
    {
        Assert.Equal(4, WholeFile.Replace("/dev/null", "text"));
        Assert.Equal(0, new FileInfo("/dev/null").Length);
    }
}
