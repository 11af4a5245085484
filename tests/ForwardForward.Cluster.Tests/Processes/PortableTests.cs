using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Portable precision on silos whose processors, as far as libraries and runtime can tell, are of three kinds.</summary>
public sealed class PortableTests
{
    private static readonly string[] Mixed = ["env", "FF_MIXED=true"];

    [RedisFact]
    public Task A_run_moves_between_kinds_of_processors_as_they_are_killed_and_keeps_to_the_bytes_of_the_reference() => Moves([]);

    [RedisFact]
    public Task So_does_a_run_with_convolutions() => Moves(FragileCluster.Shortcut);

    private static Task Moves(string[] network) =>
        FragileCluster.With(
            0,
            async (cluster, _) =>
            {
                var first = await cluster.StartSilo("silo-1", before: Mixed);
                var second = await cluster.StartSilo(
                    "silo-2",
                    before: [.. Mixed, "DOTNET_EnableAVX2=0", "ATEN_CPU_CAPABILITY=default", "FF_PORTABLE_PRODUCTS=fp32"]
                );
                var third = await cluster.StartSilo(
                    "silo-3",
                    before: [.. Mixed, "DOTNET_EnableAVX512=0", "ONEDNN_MAX_CPU_ISA=SSE41", "FF_PORTABLE_PRODUCTS=bf16"]
                );

                await cluster.Train(first, "lucky", [.. network, "--set", "precision=portable"]);
                var spread = await first.Until("lucky", run => run.LastCheckpointSlot > 0);
                second.Process.Kill();
                await first.GoesOnAsTheReference("lucky", run => run.Recoveries > 0);
                first.Process.Kill();
                var last = await third.GoesOnAsTheReference("lucky", run => run.Plan.All(place => place.Silo == "silo-3"));

                Assert.Equal("portable/passes-1", spread.Fingerprint);
                Assert.Equal(["silo-1", "silo-2", "silo-3"], spread.Plan.Select(place => place.Silo).Distinct().Order());
                Assert.Contains(last.Kernels, stage => stage.Kernels.Any(kernels => kernels.Contains("/sse/", StringComparison.Ordinal)));
                Assert.Equal((RunState.Running, "portable/passes-1"), (last.State, last.Fingerprint));
            }
        );
}
