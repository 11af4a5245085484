using System.Diagnostics;

namespace ForwardForward.Console.Tests;

/// <summary>The packages as a user has them: from a folder of packages, in a project that knows nothing of this repository.</summary>
public sealed class PackageTests : Workplace
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));
    private static readonly string Configuration = Path.GetFileName(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..")));
    private static readonly string Version = VersionOf(typeof(FFNetwork));
    private static readonly string TorchSharpVersion = VersionOf(typeof(TorchSharp.torch));
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5); // a guard against standing still

    private static readonly string Fetched =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    [Fact]
    public async Task A_program_trains_with_the_package_another_asks_its_file_and_the_console_is_a_tool()
    {
        string[] packing = ["pack", "ForwardForward.Orleans.sln", "-c", Configuration, "--no-build", "-o", At("packages"), "-v", "quiet"];
        await DotNet(Root, [.. packing, "-p:WithoutTorch=true"]);
        Assert.Equal(
            [
                "ForwardForward",
                "ForwardForward.Console",
                "ForwardForward.Contracts",
                "ForwardForward.Experiments",
                "ForwardForward.Runtime",
            ],
            Packed()
        );

        Write(
            "nuget.config",
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{At("unpacked")}" /></config>
              <packageSources><clear /><add key="here" value="{At("packages")}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="fetched" value="{Fetched}" /></fallbackPackageFolders>
            </configuration>
            """
        );
        Write(
            "own/own.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ForwardForward" Version="{Version}" />
                <PackageReference Include="TorchSharp-cpu" Version="{TorchSharpVersion}" />
              </ItemGroup>
            </Project>
            """
        );
        File.Copy(Sample("TrainInProcess", "Program.cs"), At("own", "Program.cs"));
        var trained = await DotNet(At("own"), "run", "--", At("tiny"));
        Assert.Matches(@"^1: \d+\.\d\d\s*%\n(.*\n){8}10: .*\nmine.safetensors, state hash [0-9a-f]{64}\n$", trained);

        var asks = Sample("PredictFromFile", "bin", Configuration, "net10.0", "PredictFromFile.dll");
        var asked = await DotNet(Folder, asks, At("own", "mine.safetensors"), At("tiny"));
        Assert.Matches(@"^\d+\.\d\d\s*% of 50 images are answered wrongly\na blank image is a [0-3], with probability .*\n$", asked);

        await DotNet(Folder, "tool", "install", "ForwardForward.Console", "--version", Version, "--tool-path", At("tools"));
        Assert.Contains("supervised-quick", await Run(Folder, At("tools", "ff"), "presets"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TrainInProcess")]
    [InlineData("PredictFromFile")]
    public void The_docs_show_the_samples_as_they_are(string sample) =>
        Assert.Contains(
            File.ReadAllText(Sample(sample, "Program.cs")),
            File.ReadAllText(Path.Combine(Root, "docs", "library.md")),
            StringComparison.Ordinal
        );

    private static string VersionOf(Type type) => type.Assembly.GetName().Version!.ToString(3);

    private static string Sample(params string[] path) => Path.Combine([Root, "samples", .. path]);

    private IEnumerable<string> Packed() =>
        Directory
            .GetFiles(At("packages"), "*.nupkg")
            .Select(path => Path.GetFileName(path).Replace($".{Version}.nupkg", "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    private static Task<string> DotNet(string folder, params string[] arguments) => Run(folder, "dotnet", arguments);

    private static async Task<string> Run(string folder, string program, params string[] arguments)
    {
        var result = await Ff.Finish(
            Process.Start(
                new ProcessStartInfo(program, arguments)
                {
                    WorkingDirectory = folder,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    Environment =
                    {
                        ["DOTNET_NOLOGO"] = "1",
                        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                        ["MSBUILDDISABLENODEREUSE"] = "1",
                    },
                }
            )!,
            Timeout
        );
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {result.Output} {result.Error}");
        return result.Output;
    }
}
