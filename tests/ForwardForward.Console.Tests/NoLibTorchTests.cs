using System.Diagnostics;

namespace ForwardForward.Console.Tests;

public sealed class NoLibTorchTests : Workplace
{
    private const string Native = "runtimes/linux-x64/native";

    [Fact]
    public async Task Where_the_native_libraries_are_missing_a_sentence_says_so()
    {
        var result = await TrainFrom(Program());

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("libtorch 2.10 could not be loaded: libLibTorchSharp.so is not in the program's folder", Sentence(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_part_of_libtorch_is_missing_the_sentence_names_it()
    {
        var program = Program();
        Directory.CreateDirectory(Path.Combine(program, Native));
        foreach (var part in new[] { "libtorch.so", "libLibTorchSharp.so" })
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, Native, part), Path.Combine(program, Native, part));
        }

        var result = await TrainFrom(program);

        Assert.Equal(1, result.ExitCode);
        Assert.Matches("^libtorch 2.10 could not be loaded: lib.*so: cannot open shared object file: No such file or directory.$", Sentence(result));
    }

    private static string Sentence(FfResult result) => Assert.Single(result.Error.TrimEnd().Split('\n'));

    /// <summary>The console without any native library.</summary>
    private string Program()
    {
        var program = Directory.CreateDirectory(At("program")).FullName;
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory).Where(f => Path.GetExtension(f) is ".dll" or ".json"))
        {
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
        }

        return program;
    }

    private Task<FfResult> TrainFrom(string program) => Ff.Finish(Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(program, "ff.dll"), "train", .. Small])
    {
        WorkingDirectory = Folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);
}
