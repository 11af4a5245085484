using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ForwardForward.Benchmarks.Scaling;
using ForwardForward.Console.CommandLine;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Verbs;

/// <summary><c>bench scaling</c>.</summary>
internal static class BenchScaling
{
    private const int DefaultSlots = 300;
    private const int DefaultTurns = 3;
    private const int DefaultSimulatedSlots = 1000;
    private const int DefaultMost = 16;
    private static readonly TimeSpan StageCost = TimeSpan.FromMilliseconds(20);

    public static Verb Command()
    {
        var slots = Options.Whole("--slots", $"Training slots of a run on processes; default: {DefaultSlots}.", 10, 100_000);
        var turns = Options.Whole(
            "--turns",
            $"Runs on as many silos, of which the fastest counts; 0: no processes. Default: {DefaultTurns}.",
            0,
            100
        );
        var most = Options.Whole("--simulate", $"Most silos of the simulation, 2 to 64, 0 for none; default: {DefaultMost}.", 0, 64);
        var simulated = Options.Whole(
            "--simulated-slots",
            $"Training slots of a simulated run; default: {DefaultSimulatedSlots}.",
            10,
            2_000
        );
        var set = new Option<string[]>("--set")
        {
            Description = "Set a field of the spec, which is the preset supervised's; repeatable.",
            HelpName = "path=value",
        };
        var json = Options.Json();
        var command = new Verb(
            "scaling",
            "The same run on one silo process on one core and on several on a core each, beside the bound of its balance; then "
                + "timed stages on more silos than there are cores.",
            "./ff bench scaling --slots 300 --simulate 16"
        )
        {
            slots,
            turns,
            most,
            simulated,
            set,
            json,
        };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                var streams = parsed.InvocationConfiguration;
                var results = new List<ScalingResult>();
                if ((parsed.GetValue(turns) ?? DefaultTurns) is > 0 and var runs)
                {
                    results.AddRange(
                        await Processes(
                            parsed.GetValue(slots) ?? DefaultSlots,
                            runs,
                            parsed.GetValue(set) ?? [],
                            streams.Error.WriteLine,
                            interrupted
                        )
                    );
                }

                var simulatedSlots = parsed.GetValue(simulated) ?? DefaultSimulatedSlots;
                SimulatedScaling simulation = new(StageCost, simulatedSlots),
                    uneven = new(StageCost, Math.Max(10, simulatedSlots / 4)); // a slot takes as long as four
                for (var silos = 2; silos <= (parsed.GetValue(most) ?? DefaultMost); silos *= 2)
                {
                    streams.Error.WriteLine($"{silos} silos with a timed stage each");
                    results.Add(await simulation.Run(SimulatedNetwork.Balanced(silos), silos, interrupted));
                }

                foreach (
                    var network in SimulatedNetwork.TopHeavy.Where(_ =>
                        SimulatedNetwork.TopHeavySilos <= (parsed.GetValue(most) ?? DefaultMost)
                    )
                )
                {
                    streams.Error.WriteLine($"{SimulatedNetwork.TopHeavySilos} silos, the top layer four times as wide: {network.Name}");
                    results.Add(await uneven.Run(network, SimulatedNetwork.TopHeavySilos, interrupted));
                }

                if (SimulatedNetwork.Deeper17Silos <= (parsed.GetValue(most) ?? DefaultMost))
                {
                    streams.Error.WriteLine($"{SimulatedNetwork.Deeper17Silos} silos with the 17 timed stages of conv-deeper17");
                    results.Add(await uneven.Run(SimulatedNetwork.Deeper17, SimulatedNetwork.Deeper17Silos, interrupted));
                }

                if (parsed.GetValue(json))
                {
                    streams.Output.WriteLine(JsonSerializer.Serialize(results, Json.OneLine));
                }
                else
                {
                    Print(streams.Output, results);
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task<IReadOnlyList<ScalingResult>> Processes(
        int slots,
        int turns,
        IEnumerable<string> assignments,
        Action<string> report,
        CancellationToken interrupted
    )
    {
        LibTorch.EnsureLoaded();
        var spec = SpecReader.Set(Presets.Get("supervised"), assignments);
        var data = new DataSets(DataSets.DefaultCacheFolder).Open(spec.Dataset, report, interrupted);
        spec = spec with
        {
            Epochs = 1,
            TrainImages = slots * spec.BatchSize,
            TestImages = 3 * spec.BatchSize,
            Evaluation = new EvaluationSpec { FastEvery = 0, GoodnessEvery = 0 },
            Checkpoint = new CheckpointSpec { EverySlots = 0 },
        };
        _ = data.Limited(spec); // refuses more than there are
        spec = spec with { Precision = ProductsOf.Resolve(spec, data.Train.PixelsPerImage) };
        var costs = StageCosts.Measure(spec, data.Train.PixelsPerImage);
        return await new ProcessScaling(spec, costs, turns, report).Run(Environment.ProcessorCount, interrupted);
    }

    private static void Print(TextWriter output, IReadOnlyList<ScalingResult> results)
    {
        output.WriteLine($"{"silos", -24}{"speed-up", 12}{"bound", 12}{"ratio", 12}");
        foreach (var result in results)
        {
            var name =
                result.Layers == SimulatedNetwork.Deeper17.Name ? $"{result.Silos}, {result.Layers}"
                : result.Layers.Length > 0 ? $"{result.Silos}, wide top, {result.Layers}"
                : result.Simulated ? $"{result.Silos}, timed stages"
                : $"{result.Silos}, a core each";
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -24}{result.Speedup, 12:0.00}{result.BalanceBound, 12:0.00}{result.Ratio, 12:0.000}"
                )
            );
        }
    }
}
