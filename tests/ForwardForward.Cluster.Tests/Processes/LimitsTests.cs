namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>What a silo does not take on.</summary>
public sealed class LimitsTests
{
    [RedisFact]
    public Task A_run_that_does_not_fit_the_memory_of_its_silos_is_refused_with_the_numbers_and_leaves_nothing_behind() =>
        FragileCluster.With(
            2,
            memoryMegabytes: 6,
            async (cluster, silos) =>
            {
                var refused = await cluster.Console.Run([
                    .. LocalClusterFixture.Request("--cluster", silos[0].Gateway, "--name", "wide"),
                    "--set",
                    "layers=512,512",
                ]);
                var fits = await cluster.Console.Run([
                    .. LocalClusterFixture.Request("--cluster", silos[0].Gateway, "--name", "narrow", "--json"),
                ]);
                var runs = await cluster.Console.Run("runs", "--cluster", silos[0].Gateway, "--json");

                Assert.Equal(2, refused.ExitCode);
                Assert.Matches(
                    @"^The run needs \d\.\d{3} GB of memory on (all silos together|silo-1, silo-2), layer 2 alone \d\.\d{3} GB, "
                        + @"and there are 0\.006 GB: expected narrower layers, smaller batches or more machines\.\n$",
                    refused.Error
                );
                Assert.True(fits.ExitCode == 0, fits.Error);
                Assert.Equal("narrow", Assert.Single(runs.Json.EnumerateArray()).GetProperty("run").GetString());
            }
        );
}
