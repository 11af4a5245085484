using System.CommandLine;
using ForwardForward.Chaos;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Tests;
using ForwardForward.Learning;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>
/// Files for the user on a real disk that is full or takes nothing: all of a file or none of it, and what was there before is left alone.
/// </summary>
public sealed class UserFilesTests : IDisposable
{
    private const int SmallerThanAnyFile = 16; // KiB
    private const string Earlier = "of an earlier day";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [DiskFact]
    public async Task On_a_full_or_read_only_disk_every_verb_says_so_and_leaves_no_half_file()
    {
        await Train();
        await using var disk = await SmallDisk.At(_folder["disk"], SmallerThanAnyFile);
        var report = Path.Combine(_folder["disk"], "report.html");
        await File.WriteAllTextAsync(report, Earlier);
        disk.Fill();
        var before = Everything();

        foreach (var verb in Verbs(report))
        {
            var (exitCode, error) = await Run(verb);
            Assert.True((exitCode, error.Trim().Contains('\n', StringComparison.Ordinal)) == (2, false), error);
            Assert.Matches(
                $"^{_folder["disk"]}/.* cannot be written: the disk is full, expected room on {_folder["disk"]}\\.$",
                error.Trim()
            );
            Assert.Equal(before, Everything());
        }

        await disk.MakeReadOnly();
        foreach (var verb in Verbs(report).Where(verb => verb[0] != "cluster"))
        {
            var (exitCode, error) = await Run(verb);
            Assert.Equal(2, exitCode);
            Assert.Matches("(cannot be written: the disk is read-only, expected .* to take files|Read-only file system)", error);
            Assert.Equal(before, Everything());
        }

        Assert.Equal(Earlier, await File.ReadAllTextAsync(report));
        await disk.MakeWritable();
        disk.Empty();
        Assert.Equal(Earlier.Length + 1, WholeFile.Replace(report, Earlier + "!"));
        Assert.Equal(Earlier + "!", await File.ReadAllTextAsync(report));
    }

    private List<string[]> Verbs(string report) =>
        [
            ["export", _folder["run"], "-o", Path.Combine(_folder["disk"], "model.safetensors")],
            ["export", _folder["run"], "-o", Path.Combine(_folder["disk"], "model.onnx")],
            ["report", _folder["run"], "-o", report],
            ["report", _folder["run"], "-o", Path.Combine(_folder["disk"], "new.html")],
            [
                "train",
                "--data",
                _folder["tiny"],
                "--set",
                "layers=16",
                "--set",
                "batchSize=20",
                "--epochs",
                "1",
                "--reference",
                "--out",
                Path.Combine(_folder["disk"], "run"),
            ],
            ["cluster", "certs", "-o", _folder["disk"]],
        ];

    private async Task Train()
    {
        TinyIdx.Write(_folder["tiny"]);
        var trained = await new Ff(_folder.Root).Run(
            "train",
            "--data",
            "tiny",
            "--set",
            "layers=16,16",
            "--set",
            "batchSize=20",
            "--epochs",
            "1",
            "--out",
            "run"
        );
        Assert.True(trained.ExitCode == 0, trained.Error);
    }

    private static async Task<(int ExitCode, string Error)> Run(string[] verb)
    {
        using StringWriter output = new(),
            error = new();
        var exitCode = await Outcome.Of(FFCommand.Parse(verb), new InvocationConfiguration { Output = output, Error = error });
        Assert.Equal("", output.ToString());
        return (exitCode, error.ToString());
    }

    private List<(string, long)> Everything() =>
        [
            .. new DirectoryInfo(_folder["disk"])
                .GetFileSystemInfos("*", SearchOption.AllDirectories)
                .OrderBy(entry => entry.FullName, StringComparer.Ordinal)
                .Select(entry => (entry.FullName, (entry as FileInfo)?.Length ?? -1)),
        ];
}
