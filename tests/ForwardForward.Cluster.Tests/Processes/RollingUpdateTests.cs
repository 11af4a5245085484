using System.Text.RegularExpressions;
using ForwardForward.Contracts;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Silos of the next version join while those of the version before leave.</summary>
public sealed class RollingUpdateTests
{
    private const int Pace = 100; // slots a second: the reference has as many to do as the run came to meanwhile

    [RedisFact]
    public Task A_run_goes_on_while_every_silo_is_replaced_by_one_of_the_next_version_and_says_what_each_computed() =>
        FragileCluster.With(
            0,
            async (cluster, _) =>
            {
                cluster.SlotsPerSecond = Pace;
                var silos = await cluster.StartSilos("silo-1", "silo-2", "silo-3");
                await cluster.Train(silos[0], "updated");
                var before = await silos[0].Until("updated", run => run.LastCheckpointSlot is not null);

                var next = new List<FragileSilo>();
                foreach (var old in silos)
                {
                    next.Add(await cluster.StartNextSilo($"next-{old.Name}"));
                    old.Process.Terminate();
                    await old.Ended();
                    // one that goes before the run has gone on without the one before is a second loss, and no move
                    await next[^1].Until("updated", run => run.State == RunState.Running && !Silos(run).Contains(old.Name));
                }

                var after = await next[^1].GoesOnAsTheReference("updated");
                var shown = await cluster.Console.Run("runs", "show", "updated", "--cluster", next[^1].Gateway);

                Assert.Equal(["0.1.0"], before.Plan.Select(place => place.Version).Distinct());
                Assert.Equal(["0.2.0"], after.Plan.Select(place => place.Version).Distinct());
                Assert.Equal((0, 0), (after.Recoveries, after.RedoneSlots)); // no slot was lost, and none done twice
                Assert.Equal(["layer 1", "layer 2", "layer 3", "readout"], after.Versions.Select(stage => stage.Stage));
                Assert.All(after.Versions, stage => Assert.Equal(["0.1.0", "0.2.0"], stage.Versions));
                Assert.All(
                    silos,
                    old => Assert.Contains(after.Incidents, one => one.Kind == IncidentKind.Move && one.Silos.Contains(old.Name))
                );
                Assert.Matches(new Regex(@"version +0\.1\.0: layer 1, .*\nversion +0\.2\.0: layer 1, "), shown.Output);
                Assert.NotEmpty(next[0].Said("next-silo-1 is in the cluster 'forwardforward' of 4: "));
                Assert.NotEmpty(next[0].Said("version 0.1.0), "));
            }
        );

    [RedisFact]
    public Task A_run_is_with_silos_of_one_contract_goes_over_to_the_later_one_and_never_back() =>
        FragileCluster.With(
            0,
            async (cluster, _) =>
            {
                cluster.SlotsPerSecond = Pace;
                var silos = await cluster.StartSilos("silo-1");
                await cluster.Train(silos[0], "updated", "--set", "checkpoint.rebalance=true");
                var next = await cluster.StartNextSilo("next", ContractVersion.Current + 1);
                var begun = await silos[0].Until("updated", run => run.LastCheckpointSlot is not null);
                var beside = await silos[0].GoesOnAsTheReference("updated", run => run.Slot > begun.Slot + 100);

                silos[0].Process.Terminate();
                await silos[0].Ended();
                var after = await next.GoesOnAsTheReference("updated");
                var old = await cluster.StartSilo("silo-2");
                next.Process.Kill();
                await old.Says("The silo next (");
                var refused = await Assert.ThrowsAsync<InvalidInputException>(() => old.Until("updated", _ => false));

                Assert.Equal(["silo-1"], beside.Plan.Select(place => place.Silo).Distinct());
                Assert.Equal(["next"], after.Plan.Select(place => place.Silo).Distinct());
                Assert.Equal((0, 0), (after.Recoveries, after.RedoneSlots));
                Assert.Equal(
                    $"The run 'updated' was taken up by version 0.2.0 with contract {ContractVersion.Current + 1}, and the silo silo-2 is "
                        + $"of version 0.1.0 with contract {ContractVersion.Current}: expected a silo of the later version.",
                    refused.Message
                );
            }
        );

    private static IEnumerable<string> Silos(RunStatus run) => run.Plan.Select(place => place.Silo);
}
