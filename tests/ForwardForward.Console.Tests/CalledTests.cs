using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Tests;

public sealed class CalledTests
{
    [Theory]
    [InlineData("./ff", "/usr/bin/dotnet", "/home/ada/src/bin/ff.dll", "./ff")] // the launcher says so
    [InlineData(null, "/usr/bin/dotnet", "/home/ada/src/bin/ff.dll", "dotnet src/bin/ff.dll")]
    [InlineData(null, "/usr/bin/dotnet", "/home/ada/ff.dll", "dotnet ff.dll")]
    [InlineData(null, "/usr/bin/dotnet", "/opt/ff/ff.dll", "dotnet /opt/ff/ff.dll")]
    [InlineData(null, "/tools/ff", "/tools/.store/ff.dll", "ff")] // a tool on the PATH
    [InlineData(null, "/home/ada/ff", "/home/ada/ff.dll", "./ff")]
    [InlineData(null, "/opt/ff/ff", "/opt/ff/ff.dll", "/opt/ff/ff")]
    public void The_program_is_named_as_it_was_called(string? launcher, string process, string assembly, string name) =>
        Assert.Equal(
            name,
            Called.NameIn(variable => variable == Called.Variable ? launcher : "/usr/bin:/tools", process, assembly, "/home/ada")
        );

    [Fact]
    public async Task Hints_and_examples_and_refusals_name_it()
    {
        using var folder = new EmptyFolder();
        var ff = new Ff(folder.Path) { CalledAs = "./other/ff" };

        Assert.Equal("Nothing ran here yet; `./other/ff train` starts a run.", (await ff.Run("runs")).Output.Trim());
        Assert.Contains("Example: ./other/ff train ", (await ff.Run("train", "--help")).Output, StringComparison.Ordinal);
        Assert.Contains("; `./other/ff --help` explains them.", (await ff.Run()).Error, StringComparison.Ordinal);
    }

    private sealed class EmptyFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("ff-called-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
