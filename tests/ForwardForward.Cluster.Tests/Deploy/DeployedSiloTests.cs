using System.Reflection;
using System.Text.Json;
using ForwardForward.Benchmarks.Transport;
using ForwardForward.Client.Processes;

namespace ForwardForward.Cluster.Tests.Deploy;

/// <summary>What a deployed silo has in it: Orleans takes in the assemblies that its deps.json names, whatever lies beside it.</summary>
public sealed class DeployedSiloTests
{
    private static readonly string[] Laboratory = ["Bench", "Transport", "Chaos"];

    [Fact]
    public void A_silo_has_no_assembly_of_the_benchmarks()
    {
        var names = NamesIn(SiloProcess.Silo);

        Assert.Contains("ForwardForward.Runtime", names);
        Assert.DoesNotContain(names, IsOfLaboratory);
    }

    [Fact]
    public void The_silo_of_the_benchmarks_has_theirs_too() =>
        Assert.Equal(
            ["ForwardForward.Benchmarks", "ForwardForward.Benchmarks.Silo"],
            NamesIn(BenchmarkSilo.Program).Where(name => name.Contains("Bench", StringComparison.Ordinal))
        );

    [Fact]
    public void A_silo_has_the_grains_of_runs_and_no_others() =>
        Assert.Equal(
            [
                "CheckpointHolderGrain",
                "ExperimentGrain",
                "LayerGrain",
                "ReadoutGrain",
                "RunIndexGrain",
                "RunShelfGrain",
                "SiloGrain",
                "SourceGrain",
                "StreamChunkGrain",
                "StreamGrain",
            ],
            Types()
                .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(Grain)))
                .Select(type => type.Name)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Nobody_can_call_a_benchmark_for_a_silo_knows_no_such_interface()
    {
        var callable = Types().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable))).ToList();

        Assert.Contains("IExperimentGrain", callable.Select(type => type.Name));
        Assert.DoesNotContain(callable, type => IsOfLaboratory(type.FullName!));
        Assert.DoesNotContain(typeof(ITransportSender), callable);
    }

    private static bool IsOfLaboratory(string name) => Laboratory.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<Type> Types() => NamesIn(SiloProcess.Silo).SelectMany(name => Assembly.Load(name).GetTypes());

    /// <summary>The assemblies of this repository that a program names as its own.</summary>
    private static string[] NamesIn(string program)
    {
        var file = Path.Combine(AppContext.BaseDirectory, Path.ChangeExtension(program, ".deps.json"));
        using var dependencies = JsonDocument.Parse(File.ReadAllText(file));
        return
        [
            .. dependencies
                .RootElement.GetProperty("libraries")
                .EnumerateObject()
                .Select(library => library.Name.Split('/')[0])
                .Where(name => name.StartsWith("ForwardForward.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }
}
