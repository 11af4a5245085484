using System.Text.Json;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Silos whose kernels really compute other bits.</summary>
public sealed class MixedTests
{
    private static readonly string[] Mixed = ["env", "FF_MIXED=true"];
    private static readonly string[] OfAnOldProcessor = ["env", "FF_MIXED=true", "DOTNET_EnableAVX2=0", "ATEN_CPU_CAPABILITY=default"];

    [RedisFact]
    public Task A_run_that_is_not_exact_is_computed_by_kernels_of_two_kinds_survives_a_loss_and_tells_it_all() =>
        FragileCluster.With(
            0,
            async (cluster, _) =>
            {
                var first = await cluster.StartSilo("silo-1", before: Mixed);
                var second = await cluster.StartSilo("silo-2", before: OfAnOldProcessor);
                string[] Request(string run, params string[] more) =>
                    LocalClusterFixture.Request(["--cluster", first.Gateway, "--json", "--name", run, .. more]);

                var exact = await cluster.Console.Run(Request("exact"));
                var mixed = await cluster.Console.Run(Request("mixed", "--set", "exact=false"));
                await cluster.Train(first, "lasting", "--set", "exact=false");
                var both = await first.Until("lasting", run => run.LastCheckpointSlot > 0);
                second.Process.Kill();
                var after = await first.Until(
                    "lasting",
                    run => run is { Recoveries: > 0, State: RunState.Running } && run.LastCheckpointSlot > both.LastCheckpointSlot + 40
                );
                var shown = await cluster.Console.Run("runs", "show", "lasting", "--cluster", first.Gateway);

                Assert.Equal((0, true, 1), (exact.ExitCode, exact.Json.GetProperty("exact").GetBoolean(), Silos(exact.Json).Length));
                Assert.True(mixed.ExitCode == 0, mixed.Error);
                Assert.Equal(("done", false), (mixed.Json.GetProperty("state").GetString(), mixed.Json.GetProperty("exact").GetBoolean()));
                Assert.Equal(["silo-1", "silo-2"], Silos(mixed.Json));
                Assert.Equal("any/fp32", mixed.Json.GetProperty("fingerprint").GetString());
                Assert.Equal(
                    ["layer 1", "layer 2", "layer 3", "readout"],
                    mixed.Json.GetProperty("kernels").EnumerateArray().Select(stage => stage.GetProperty("stage").GetString())
                );
                Assert.Equal(2, both.Kernels.SelectMany(stage => stage.Kernels).Distinct().Count());
                Assert.Contains(both.Kernels, stage => stage.Kernels.Single().Contains("/sse/", StringComparison.Ordinal));
                Assert.Equal(["silo-1"], after.Plan.Select(place => place.Silo).Distinct());
                Assert.Contains(after.Kernels, stage => stage.Kernels.Count == 2);
                Assert.Matches(@"exact +no: .*\nkernels +cpu/.*: (layer|readout).*\nkernels +cpu/.*: (layer|readout)", shown.Output);
            }
        );

    private static string[] Silos(JsonElement run) =>
        [.. run.GetProperty("plan").EnumerateArray().Select(place => place.GetProperty("silo").GetString()!).Distinct().Order()];
}
