using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Redis that is away for a while.</summary>
public sealed class OutageTests
{
    [RedisFact]
    public Task A_silo_that_is_lost_during_an_outage_of_Redis_is_replaced_when_Redis_is_back() => FragileCluster.With(2, async (cluster, silos) =>
    {
        await cluster.Train(silos[0], "patient");
        var before = await silos[0].Until("patient", run => run.LastCheckpointSlot is not null);

        cluster.Redis.Kill();
        silos[1].Process.Kill();
        await silos[1].Ended();
        await cluster.StartRedis();
        var done = await cluster.EndsAsTheReference(silos[0], "patient");

        Assert.Equal(["silo-1", "silo-2"], before.Plan.Select(place => place.Silo).Distinct().Order());
        Assert.Equal(["silo-1"], done.Plan.Select(place => place.Silo).Distinct());
        Assert.True(done.Recoveries > 0, "The loss was not noticed.");
    });
}
