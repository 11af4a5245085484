namespace ForwardForward.Console.Tests;

/// <summary>What is told of a run that cannot be repeated bit by bit.</summary>
public sealed class InexactTests : Workplace
{
    private const string Sentence = "no: it was not held to one kind of kernels and cannot be repeated bit by bit";

    [Fact]
    public async Task A_run_that_is_not_exact_says_so_in_its_summary_its_list_its_page_and_a_comparison()
    {
        var exact = await Train("--json", "--name", "exact");
        var other = await Train("--json", "--name", "other", "--set", "exact=false");
        var shown = await Run("runs", "show", "other");
        var reported = await Run("report", "other");
        var compared = await Run("compare", "exact", "other", "--json");

        Assert.True(other.ExitCode == 0, other.Error);
        Assert.Equal((true, false), (exact.Json.GetProperty("exact").GetBoolean(), other.Json.GetProperty("exact").GetBoolean()));
        Assert.False(exact.Json.TryGetProperty("kernels", out _));
        Assert.Equal(
            [("layer 1", Kernels(exact)), ("layer 2", Kernels(exact)), ("readout", Kernels(exact))],
            other
                .Json.GetProperty("kernels")
                .EnumerateArray()
                .Select(stage => (stage.GetProperty("stage").GetString(), stage.GetProperty("kernels")[0].GetString()))
        );
        Assert.Equal("any/fp32", Kernels(other));
        Assert.Contains($"exact                 {Sentence}\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains($"kernels               {Kernels(exact)}: layer 1, layer 2, readout\n", shown.Output, StringComparison.Ordinal);
        Assert.True(reported.ExitCode == 0, reported.Error);
        Assert.Contains(Sentence, await File.ReadAllTextAsync(At("runs", "other", "report.html")), StringComparison.Ordinal);
        Assert.Equal("[true,false]", compared.Json.GetProperty("fields").GetProperty("exact").GetRawText());
    }

    private static string? Kernels(FfResult run) => run.Json.GetProperty("fingerprint").GetString();
}
