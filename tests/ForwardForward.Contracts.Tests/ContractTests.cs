using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ForwardForward.Contracts.Tests;

public class ContractTests
{
    [Fact]
    public void A_status_with_spec_and_measurements_survives_the_wire()
    {
        using var services = new ServiceCollection().AddForwardForwardContracts().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var spec = Presets.Get("supervised") with { Precision = Precision.Bf16, Seed = 7 };
        var status = new RunStatus
        {
            Run = "r",
            State = RunState.Running,
            Spec = spec,
            Plan = [new LayerPlace(1, "a", "127.0.0.1:1")],
            Data = new DataShape(1, 2, 3, 4),
            Incidents = new List<Incident>().With(Lost("silo-2")),
        };
        var sent = new RunUpdate(
            status,
            [
                new RunEvent(0, 1.5, new LayerMeasurement(2, 60, 1, 1.1, 0.9, 0.3), 4, null),
                new RunEvent(1, 2, null, null, new Evaluation(9, 1, 0.01, null)),
            ]
        );
        var arrived = serializer.Deserialize<RunUpdate>(serializer.SerializeToArray(sent))!;
        Assert.Equal(SpecReader.Write(spec), SpecReader.Write(arrived.Status.Spec));
        Assert.Equal(sent.Events, arrived.Events);
        Assert.Equal((status.State, status.Data, status.Plan[0]), (arrived.Status.State, arrived.Status.Data, arrived.Status.Plan[0]));
        Assert.Equal(["silo-2"], Assert.Single(arrived.Status.Incidents).Silos);
    }

    [Fact]
    public void A_run_keeps_its_newest_incidents_and_their_numbers()
    {
        IReadOnlyList<Incident> incidents = [];
        for (var i = 1; i <= Incidents.MaxCount + 3; i++)
        {
            incidents = incidents.With(Lost($"silo-{i}"));
        }

        var revised = incidents.Revised(incidents[^1] with { Then = "going on from slot 4 on 1 silo", Until = 7 });

        Assert.Equal(Enumerable.Range(4, Incidents.MaxCount), incidents.Select(incident => incident.Number));
        Assert.Equal(incidents[^1], incidents.Open());
        Assert.Equal("silo-53 lost after slot 9; going on from slot 4 on 1 silo", revised[^1].Sentence);
        Assert.Equal(incidents[^2], revised.Open());
    }

    [Fact]
    public void Time_in_which_a_run_did_not_work_is_that_of_its_incidents()
    {
        var ended = Lost("silo-1") with { Seconds = 10, Until = 14 };
        var open = Lost("silo-2") with { Seconds = 20 };

        Assert.Equal(4 + 5, new List<Incident> { ended, open }.SecondsLost(now: 25));
    }

    private static Incident Lost(string silo) =>
        new()
        {
            Number = 0,
            Kind = IncidentKind.Loss,
            Slot = 9,
            Seconds = 1,
            At = DateTimeOffset.UnixEpoch,
            What = $"{silo} lost after slot 9",
            Silos = [silo],
        };

    [Theory]
    [InlineData("run", 0)]
    [InlineData("a/b-c.d", 12)]
    public void A_layer_finds_its_position_in_its_key(string run, int layer) =>
        Assert.Equal(layer, StageKeys.LayerIndex(StageKeys.Layer(run, layer)));

    [Fact]
    public void Contracts_and_learning_carry_no_native_library()
    {
        var references = typeof(RunStatus)
            .Assembly.GetReferencedAssemblies()
            .Concat(typeof(ExperimentSpec).Assembly.GetReferencedAssemblies());
        Assert.DoesNotContain(references, name => name.Name!.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(
            typeof(ExperimentSpec).Assembly.GetReferencedAssemblies(),
            name => name.Name!.StartsWith("Orleans", StringComparison.Ordinal)
        );
    }
}
