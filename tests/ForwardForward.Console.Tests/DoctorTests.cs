using System.Net;
using System.Net.Sockets;
using System.Text;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Doctor;
using ForwardForward.Console.Verbs;
using ForwardForward.Experiments.Data;

namespace ForwardForward.Console.Tests;

public sealed class DoctorTests : Workplace
{
    private const string Program = "no-such-program";

    [Fact]
    public async Task This_machine_can_train_since_these_tests_do()
    {
        var people = await FfInProcess.Run(Folder, "doctor");
        var scripts = await FfInProcess.Run(Folder, "doctor", "--json");

        Assert.Equal((0, ""), (people.ExitCode, people.Error));
        Assert.Matches(@"\nlibtorch +ok +2\.10\.0 loads", people.Output);
        Assert.EndsWith("train` can run here.\n", people.Output, StringComparison.Ordinal);
        var findings = scripts.Json.EnumerateArray().ToDictionary(finding => finding.GetProperty("check").GetString()!);
        Assert.Equal(
            ["dotnet", "libtorch", "libstdc++", "processor", "GPU", "redis-server", "prometheus", "memory", "disk", "data", "ports"],
            findings.Keys
        );
        Assert.Equal(["check", "ok", "message"], findings["memory"].EnumerateObject().Select(field => field.Name));
        Assert.True(findings["libtorch"].GetProperty("ok").GetBoolean());
    }

    [Fact]
    public void What_is_missing_has_a_sentence_of_at_most_80_columns_a_line_and_fails_only_where_it_is_needed()
    {
        var prometheus = Programs.OnThePath(
            Program,
            "It keeps what silos measure and shows it to whoever asks, today and later, on any page."
        );
        var memory = Room.Memory(free: 1_000_000_000, needed: 1_500_000_000);

        var (without, withoutMemory) = (Print([prometheus]), Print([prometheus, memory]));

        Assert.Equal(ExitCode.Done, without.ExitCode);
        Assert.Equal(ExitCode.RunFailed, withoutMemory.ExitCode);
        Assert.Equal(
            [
                "no-such-programmissing  not on the PATH",
                "              It keeps what silos measure and shows it to whoever asks, today",
                "              and later, on any page.",
                "memory        missing  1.0 GB free",
                "              supervised-quick takes 1.5 GB: end other programs, or train",
                "              narrower layers (--set layers=500,500).",
            ],
            withoutMemory.Lines[..^1]
        );
        Assert.EndsWith("train` cannot run here: see memory above.", withoutMemory.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("avx512-bf16", true, "auto means the faster one")]
    [InlineData("avx512", true, "no bf16, which would be slow: auto means fp32")]
    [InlineData("avx2", true, "no AVX-512; no bf16, which would be slow: auto means fp32")]
    [InlineData("sse", false, "a fraction of the speed")]
    public void A_processor_says_what_it_means_by_auto(string widest, bool ok, string part)
    {
        var finding = Computing.InstructionSets(widest);

        Assert.Equal(ok, finding.Ok);
        Assert.Contains(part, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_libstdcpp_tells_its_newest_version_by_number()
    {
        var library = Encoding.Latin1.GetBytes("...GLIBCXX_3.4\0GLIBCXX_3.4.9\0GLIBCXX_3.4.30\0GLIBCXX_DEBUG_MESSAGE_LENGTH\0");

        Assert.Equal("GLIBCXX_3.4.30", Computing.NewestGlibcxx(library));
        Assert.Equal("of an unknown version", Computing.NewestGlibcxx([1, 2, 3]));
    }

    [Fact]
    public void Data_that_is_not_here_is_needed_only_where_it_cannot_be_fetched_to()
    {
        DataSetInfo Mnist(bool here) => new("mnist", "Digits.", At("cache", "mnist"), here, here);

        Assert.Equal($"mnist in {At("cache")}", Room.Data([Mnist(true)], At("cache")).Message);
        var absent = Room.Data([Mnist(false)], At("cache"));
        Assert.Equal((false, false), (absent.Ok, absent.IsNeeded));
        Assert.Contains("`ff data get mnist` does it now", absent.Message, StringComparison.Ordinal);
        var nowhere = Room.Data([Mnist(false)], "/proc/cache");
        Assert.Equal((false, true), (nowhere.Ok, nowhere.IsNeeded));
        Assert.EndsWith("set FF_DATA to a folder of your own.", nowhere.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_taken_is_named_with_what_would_listen_there()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        Assert.Equal($"{port} (Redis): taken, `ff cluster up` takes the next that are free", Room.Ports([(port, "Redis")]).Message);
        taken.Stop();
        Assert.Equal($"{port} (Redis): free", Room.Ports([(port, "Redis")]).Message);
    }

    private static (int ExitCode, string[] Lines) Print(IReadOnlyList<Finding> findings)
    {
        using var output = new StringWriter();
        var exitCode = DoctorVerb.Print(output, findings, json: false);
        return (exitCode, output.ToString().TrimEnd('\n').Split('\n'));
    }
}
