using System.Diagnostics;
using ForwardForward.Learning.Native;

namespace ForwardForward.Console.Tests;

public sealed class NoLibTorchTests : Workplace
{
    private const string Native = "runtimes/linux-x64/native";

    [Fact]
    public async Task Where_the_native_libraries_are_missing_a_sentence_says_so()
    {
        var result = await TrainFrom(Program());

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            "libtorch 2.10 could not be loaded: libLibTorchSharp.so is not in the program's folder",
            Sentence(result),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Where_a_part_of_libtorch_is_missing_the_sentence_names_it()
    {
        // Without libgomp, whose name here is no other program's: of the rest another libtorch may be installed for the whole machine.
        var result = await TrainFrom(Program("libtorch.so", "libtorch_cpu.so", "libc10.so", "libLibTorchSharp.so"));

        Assert.Equal(1, result.ExitCode);
        Assert.Matches(
            "^libtorch 2.10 could not be loaded: libgomp-[0-9a-f]+.so.1: cannot open shared object file: No such file or directory.$",
            Sentence(result)
        );
    }

    [Fact]
    public async Task Another_libtorch_than_the_programs_own_can_be_named()
    {
        var result = await TrainFrom(Program("libLibTorchSharp.so"), libtorch: Path.Combine(AppContext.BaseDirectory, Native));

        Assert.Equal((0, ""), (result.ExitCode, result.ExitCode == 0 ? "" : result.Error));
        Assert.Contains("state hash", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_named_folder_has_no_libtorch_a_sentence_says_so()
    {
        var result = await TrainFrom(Program("libLibTorchSharp.so"), libtorch: Folder);

        Assert.Equal((1, $"FF_LIBTORCH is {Folder}, which has no libtorch.so in it."), (result.ExitCode, Sentence(result)));
    }

    private static string Sentence(FfResult result) => Assert.Single(result.Error.TrimEnd().Split('\n'));

    /// <summary>The console with these native libraries alone.</summary>
    private string Program(params string[] libraries)
    {
        var program = Directory.CreateDirectory(At("program")).FullName;
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory).Where(f => Path.GetExtension(f) is ".dll" or ".json"))
        {
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
        }

        Directory.CreateDirectory(Path.Combine(program, Native));
        foreach (var library in libraries)
        {
            File.CreateSymbolicLink(Path.Combine(program, Native, library), Path.Combine(AppContext.BaseDirectory, Native, library));
        }

        return program;
    }

    private Task<FfResult> TrainFrom(string program, string libtorch = "") =>
        Ff.Finish(
            Process.Start(
                new ProcessStartInfo("dotnet", [Path.Combine(program, "ff.dll"), "train", .. Small])
                {
                    WorkingDirectory = Folder,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    Environment = { [LibTorch.FolderVariable] = libtorch },
                }
            )!
        );
}
