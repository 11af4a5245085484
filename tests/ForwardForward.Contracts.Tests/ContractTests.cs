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
        var status = new RunStatus { Run = "r", State = RunState.Running, Spec = spec, Plan = [new LayerPlace(1, "a", "127.0.0.1:1")], Data = new DataShape(1, 2, 3, 4) };
        var sent = new RunUpdate(status, [new RunEvent(0, 1.5, new LayerMeasurement(2, 60, 1, 1.1, 0.9, 0.3), 4, null), new RunEvent(1, 2, null, null, new Evaluation(9, 1, 0.01, null))]);
        var arrived = serializer.Deserialize<RunUpdate>(serializer.SerializeToArray(sent))!;
        Assert.Equal(SpecReader.Write(spec), SpecReader.Write(arrived.Status.Spec));
        Assert.Equal(sent.Events, arrived.Events);
        Assert.Equal((status.State, status.Data, status.Plan[0]), (arrived.Status.State, arrived.Status.Data, arrived.Status.Plan[0]));
    }

    [Theory]
    [InlineData("run", 0)]
    [InlineData("a/b-c.d", 12)]
    public void A_layer_finds_its_position_in_its_key(string run, int layer) => Assert.Equal(layer, StageKeys.LayerIndex(StageKeys.Layer(run, layer)));

    [Fact]
    public void Contracts_and_learning_carry_no_native_library()
    {
        var references = typeof(RunStatus).Assembly.GetReferencedAssemblies().Concat(typeof(ExperimentSpec).Assembly.GetReferencedAssemblies());
        Assert.DoesNotContain(references, name => name.Name!.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(typeof(ExperimentSpec).Assembly.GetReferencedAssemblies(), name => name.Name!.StartsWith("Orleans", StringComparison.Ordinal));
    }
}
